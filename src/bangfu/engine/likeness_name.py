"""How alike two names are: two written names in, one level out, character by character. Engine.likeness asks.

How a character sounds is handed in, because the engine knows no dictionary; everything else is here.
"""

import re
import unicodedata
from collections.abc import Callable

Sound = Callable[[str], str]  # a name in, how it sounds out: “chen xiao man”

# Written otherwise, the same name: traditional forms and variants that stand in household registers, in pairs.
_PAIRS = (
    "陳陈張张劉刘楊杨黃黄趙赵吳吴孫孙馬马羅罗鄭郑謝谢許许韓韩馮冯鄧邓蕭肖萧肖閆闫閻阎葉叶蔣蒋餘余盧卢鍾钟鐘钟薑姜魯鲁"
    "蘇苏呂吕顧顾龔龚賀贺湯汤錢钱譚谭鄒邹陸陆範范萬万龍龙賴赖龐庞顏颜齊齐寧宁駱骆關关畢毕聶聂歐欧區区單单喬乔賈贾"
    "嚴严溫温莊庄紀纪連连藍蓝倫伦儀仪億亿傑杰偉伟優优兒儿豐丰麗丽義义樂乐書书雲云亞亚產产親亲從从們们眾众會会傳传儲储"
    "蘭兰興兴養养軍军農农決决淨净涼凉減减幾几鳳凤劃划剛刚創创別别勁劲動动勵励勞劳華华協协衛卫廠厂歷历壓压參参雙双發发"
    "變变啟启員员響响園园國国圖图圓圆聖圣場场塊块堅坚墨墨壯壮聲声處处備备復复夢梦奪夺奮奋婦妇媽妈嫻娴嬌娇學学實实寶宝"
    "審审憲宪宮宫對对將将爾尔塵尘嘗尝層层屬属嶼屿歲岁嵐岚嶺岭島岛幣币師师帶带幫帮慶庆應应廣广開开張张彈弹強强歸归當当"
    "錄录徹彻德德憶忆懷怀態态憐怜總总懇恳愛爱戀恋戰战執执擴扩揚扬擇择揮挥據据攜携攝摄數数斬斩斷断時时曉晓暉晖曄晔暢畅"
    "術术機机殺杀權权條条來来極极構构標标棟栋樹树橋桥檸柠櫻樱榮荣歡欢殘残氣气漢汉溝沟淚泪澤泽潔洁灑洒濤涛潤润漲涨"
    "淵渊灣湾濱滨瀟潇瀾澜燦灿煒炜爍烁煉炼煥焕燁烨燈灯靈灵點点熱热愷恺狀状獨独獻献瑪玛瓊琼環环現现璽玺瑩莹瑤瑶畫画"
    "異异瘋疯監监蓋盖盤盘眾众矯矫碩硕確确禮礼禎祯離离積积穎颖穩稳窮穷競竞筆笔篤笃築筑簡简類类糧粮緊紧紅红紋纹純纯綱纲"
    "納纳緯纬紛纷練练組组細细紹绍經经結结繪绘給给絡络統统繼继績绩緒绪維维綿绵綺绮綠绿緣缘編编縱纵羨羡習习翹翘聞闻"
    "聯联聰聪膚肤勝胜臨临艷艳藝艺節节蕓芸蘆芦薦荐蒼苍莉莉瑩莹螢萤營营薩萨藥药蓮莲獲获蟲虫蠻蛮補补襲袭見见觀观規规"
    "覺觉覽览譽誉計计訂订認认議议記记講讲諾诺論论設设訪访證证評评識识詞词試试詩诗誠诚話话詳详語语說说請请讀读課课誰谁"
    "調调謙谦謹谨譜谱貝贝負负財财貢贡貨货質质賢贤貴贵賦赋賓宾贊赞贏赢趕赶躍跃輝辉軒轩轉转輪轮輕轻載载輔辅輿舆達达"
    "遷迁過过運运還还進进遠远適适選选遜逊遙遥鄉乡醫医釋释鑒鉴鑑鉴針针鈞钧鋼钢鈺钰鐵铁鈴铃銀银銘铭鋒锋錦锦鍵键鎮镇"
    "鏡镜長长門门閃闪閑闲間间閩闽閣阁闊阔隊队陽阳陰阴階阶際际隨随險险隱隐難难霧雾靜静韋韦韻韵頁页項项順顺須须預预領领"
    "頻频題题願愿風风飛飞飄飘飯饭館馆駿骏馳驰騰腾驍骁驕骄驪骊魚鱼鮮鲜鳥鸟鳴鸣鴻鸿鵬鹏鶴鹤鷹鹰麥麦齡龄"
    "㛃洁喆哲堃坤淼渺犇奔昇升陞升峯峰羣群甦苏菓果邨村凃涂仝同刄刃叡睿埜野墩墩嶽岳幷并彥彦徧遍恆恒慤悫戶户敎教昻昂暎映"
    "晧皓栢柏樑梁櫈凳沖冲洩泄淸清滙汇牀床珎珍琹琴甯宁畧略皐皋眞真祿禄稺稚竝并笋笋箇个粧妆緖绪縂总羋芈脣唇舘馆芲花"
    "荅答葢盖蔴麻覩睹詠咏豔艳趂趁跡迹踪踪軄职迺乃逺远鄕乡鈡钟鉄铁鎭镇閒闲阯址雋隽靑青頴颖飈飚麽么黒黑妳你姪侄滿满寳宝珮佩堯尧淥渌"
)  # fmt: skip
VARIANTS = {a: b for a, b in zip(_PAIRS[::2], _PAIRS[1::2], strict=True) if a != b}
_WRITTEN_OTHERWISE = str.maketrans(VARIANTS)
_DOTS = re.compile("[·•‧∙⋅・.．｡。●]+")
_SPACES = re.compile(r"[\s\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")

SAME, FORMER, SOUND, NEAR, ORDER, ONE_OF_MANY, ONE_OF_TWO, CROSSED, SURNAME, OTHER = (
    "same", "former", "sound", "near", "order", "one_of_many", "one_of_two", "crossed", "surname", "other",
)  # fmt: skip


def folded(name: str) -> str:
    """This function will write a name the one way it is compared: one script, one kind of dot, no spaces, capitals."""
    plain = _SPACES.sub("", unicodedata.normalize("NFKC", name))
    return _DOTS.sub("·", plain).strip("·").upper().translate(_WRITTEN_OTHERWISE)


# What many dialects, and so many clerks, don't tell apart.
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("f", "h"))


def nearly(sounds: str) -> str:
    """This function will write a sound so that those many dialects don't tell apart are one."""
    for one, other in _ALIKE:
        sounds = sounds.replace(one, other)
    return sounds


def bag(name: str) -> str:
    """This function will sort the characters of a name, so that swapped ones look alike."""
    return "".join(sorted(name))


def one_apart(one: str, other: str) -> bool:
    """This function will say whether one character is missing, too many, or another; by character, never by byte."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    least, most = min(len(one), len(other)), max(len(one), len(other))
    before = next((n for n in range(least) if one[n] != other[n]), least)
    after = next((n for n in range(least) if one[-1 - n] != other[-1 - n]), least)
    return before + after >= most - 1


def level(row: tuple[str, str], child: tuple[str, str], sound: Sound) -> str:
    """This function will compare two folded (name, former name) pairs; "" where either name isn't said."""
    (one, once), (other, formerly) = row, child
    if not one or not other:
        return ""
    if one == other:
        return SAME
    if one == formerly or once == other:
        return FORMER
    said, heard = sound(one), sound(other)
    if said == heard:
        return SOUND
    if nearly(said) == nearly(heard):
        return NEAR
    if bag(one) == bag(other):
        return ORDER
    if one_apart(one, other):
        return ONE_OF_MANY if max(len(one), len(other)) > 2 else ONE_OF_TWO
    return SURNAME if one[0] == other[0] else OTHER


def best_of(ones: tuple[str, ...], others: tuple[str, ...], sound: Sound) -> str:
    """This function will compare guardians' folded names, the best pair; "" where a side names nobody."""
    order = (SAME, SOUND, NEAR, ONE_OF_MANY, SURNAME, OTHER)
    found = {level((one, ""), (other, ""), sound) for one in ones for other in others}
    found = {{ORDER: ONE_OF_MANY, ONE_OF_TWO: SURNAME}.get(each, each) for each in found}
    return next((each for each in order if each in found), "")
