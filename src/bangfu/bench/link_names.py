"""Invented Chinese names by the thousand, and how they get written wrong: what `bangfu bench link` makes its people of.

Surnames come as often as they do in the country; given names are popular ones or two characters of a long-tailed pool,
so that namesakes turn up by themselves. No name is meant to be a real person's.
"""

from functools import cache

import numpy as np


def _words(text: str) -> list[str]:
    return text.split()


def _pairs(text: str) -> dict[str, str]:
    return dict(one.split(":") for one in text.split())


# surname and how many of 10,000 people bear it
SURNAMES = _words(
    "王 720 李 718 张 680 刘 538 陈 453 杨 308 黄 223 赵 210 吴 205 周 200 徐 144 孙 138 马 129 朱 126 胡 131 郭 "
    "119 何 117 林 115 高 105 罗 104 郑 93 梁 85 谢 80 宋 81 唐 69 许 69 韩 68 冯 64 邓 67 曹 61 彭 64 曾 56 肖 "
    "56 田 55 董 55 潘 47 袁 50 蔡 50 蒋 48 余 48 于 47 杜 47 叶 46 程 46 魏 45 苏 44 吕 44 丁 43 任 41 卢 40 姚 "
    "40 沈 41 钟 39 姜 37 崔 38 谭 40 陆 36 范 35 汪 34 廖 34 石 34 金 31 韦 32 贾 31 夏 31 付 30 方 30 邹 29 熊 "
    "29 白 28 孟 28 秦 27 邱 27 侯 26 江 25 尹 25 薛 25 闫 24 段 24 雷 24 龙 23 黎 22 史 22 陶 21 贺 21 毛 20 郝 "
    "20 顾 20 龚 20 邵 19 万 19 覃 18 武 18 钱 17 戴 17 严 17 莫 16 孔 16 向 15 常 15 欧阳 6 司马 1 上官 1 单 4 "
    "解 4 仇 3 区 3 查 3 朴 2"
)
GIRLS = _words(
    "欣怡 子涵 诗涵 梓涵 雨桐 欣妍 可馨 思彤 梦瑶 雨欣 佳怡 一诺 语桐 若曦 诗琪 梓萱 紫涵 雅琪 静怡 晨曦 佳琪 "
    "思雨 依诺 雨萱 婉清 心怡 子萱 可欣 艺涵 梓琪 雨涵 诗语 佳欣 思涵 欣悦 语嫣 芷晴 玥彤 美琪 婷婷 雨婷 佳慧 "
    "梦洁 思思 丽娜 春燕 小雨 丹丹"
)
BOYS = _words(
    "浩宇 子轩 浩然 宇轩 宇航 梓轩 俊杰 子豪 博文 皓轩 一鸣 天佑 浩轩 子墨 俊熙 睿 宇辰 梓豪 铭轩 嘉豪 志强 文博 "
    "俊豪 佳乐 家豪 子航 晨阳 明轩 宇泽 奕辰 博涵 思远 鑫 鹏 浩 磊 杰 涛 宇 昊天 子涵 家乐 俊宇 文轩 梓睿 辰逸 "
    "佳俊 俊凯 小龙 建国"
)
GIRL_CHARACTERS = (
    "欣怡涵梓诗雨桐妍馨思彤梦瑶佳一诺语若曦琪萱紫雅静晨婉清心艺悦嫣芷晴玥美婷慧洁丽娜燕丹芳琳颖雪莹露媛娟玲霞秀红梅兰香"
    "倩薇蕾菲璐珊茜琴瑾蓉菁云月星依可小晓玉珍春秋凤艳华英娇嘉惠淑敏文君柔瑜宁安乐甜果朵米沐夏冬伊娅妮蓓荷莲竹茹苗青"
)
BOY_CHARACTERS = (
    "浩宇子轩然航梓俊杰豪博文皓鸣天佑墨熙睿辰铭嘉志强佳乐家晨阳明泽奕涵思远鑫鹏磊涛昊凯龙建国伟峰军勇超斌辉林海波飞成亮平"
    "东洋健康宁毅翔哲瀚宸煜恒霖锐翰旭阳城坤振新立永清源江河山石松柏荣华富贵祥瑞福禄庆春秋冬夏民生福兴旺学才德仁义礼智信忠"
    "彦景逸耀晟炜烨焱钧锋钰镇桐森楠彬诚谦朗鹤麒麟驰骏骁"
)
ADULT_CHARACTERS = (
    "建国军华平明强伟勇林文德志红梅芳英秀兰珍玉凤霞丽艳燕春秋云香桂莲琴菊花成贵福财发才生海波涛辉清光荣金银忠"
)
DOTTED = _words(
    "阿布都 买买提 艾力 古丽 热西提 吐尔逊 依明 卓玛 扎西 次仁 阿依古丽 努尔 帕提 肉孜 库尔班 玛依拉"
)
# a character and how else it is written: traditional forms, old variants, what a keyboard offers instead
VARIANTS = _pairs(
    "张:張 刘:劉 陈:陳 杨:楊 黄:黃 赵:趙 吴:吳 孙:孫 马:馬 罗:羅 郑:鄭 谢:謝 许:許 韩:韓 冯:馮 邓:鄧 肖:萧 董:蕫 "
    "袁:𡊮 蒋:蔣 余:佘 于:於 叶:葉 苏:蘇 吕:呂 卢:盧 钟:锺 谭:譚 陆:陸 韦:韋 贾:賈 付:傅 邹:鄒 闫:阎 龙:龍 贺:賀 "
    "顾:顧 龚:龔 万:萬 钱:錢 戴:載 严:嚴 邱:丘 诗:詩 欣:忻 怡:恰 馨:罄 梦:夢 瑶:瑤 诺:諾 语:語 静:靜 丽:麗 颖:颕 "
    "莹:瑩 娟:嬋 兰:蘭 云:雲 凤:鳳 艳:艷 华:華 娇:嬌 宁:甯 乐:樂 苗:描 轩:軒 杰:傑 鸣:鳴 铭:銘 强:強 阳:陽 泽:澤 "
    "远:遠 鹏:鵬 涛:濤 凯:凱 国:國 伟:偉 峰:峯 军:軍 辉:暉 飞:飛 东:東 坤:堃 哲:喆 恒:恆 锐:銳 晟:晠 烨:燁 钧:鈞 "
    "锋:鋒 钰:鈺 彬:斌 诚:誠 谦:謙 驰:馳 骏:駿 淼:渺 群:羣 昇:升 玥:钥 皓:皜 琪:琦 瑾:堇 慧:惠 燕:鷰 涵:㴠 妍:姸 "
    "清:淸 青:靑 贵:貴 荣:榮 兴:興 义:義 礼:禮 麒:騏 德:悳 秀:琇 志:誌 吉:𠮷 睿:叡 昊:昦"
)
# characters that eyes and hands take for each other
SHAPES = _pairs(
    "晨:辰 辰:晨 洋:样 轩:轾 涵:函 瑶:遥 琪:淇 淇:琪 梓:锌 睿:睛 浩:洁 洁:浩 皓:浩 航:杭 博:搏 宇:字 子:于 杰:木 "
    "俊:峻 峻:俊 豪:毫 墨:黑 熙:煕 铭:名 嘉:喜 晓:浇 欣:颀 怡:治 萱:宣 彤:丹 丹:舟 思:恩 恩:思 雨:两 桐:铜 妍:研 "
    "婷:停 娜:挪 静:净 佳:住 美:羡 玲:铃 铃:玲 珍:诊 玉:王 王:玉 芳:方 琳:林 雪:雷 霞:震 燕:蒸 春:舂 兰:三 志:忘 "
    "强:张 林:杜 海:梅 梅:海 波:坡 成:戌 平:半 康:庚 翔:祥 祥:样 瑞:端 永:水 源:原 清:请 江:汪 汪:江 石:右 松:淞 "
    "柏:拍 荣:荧 李:季 刘:列 陈:阵 杨:扬 黄:寅 周:同 徐:除 朱:未 胡:湖 何:向 高:亮 罗:萝 梁:粱 宋:宗 唐:塘 曹:曾 "
    "彭:澎 田:由 董:懂 潘:番 蔡:祭 程:逞 魏:巍 丁:了 任:仕 姚:桃 沈:沉 姜:美 崔:催 范:苑 夏:复 方:万"
)
MILK = _words("毛毛 妞妞 小宝 豆豆 壮壮 丫丫 石头 铁蛋 二妹 幺儿 贝贝 强强 小虎 燕子")
NEAR = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("f", "h"))


def tailed(count: int, power: float = 0.75) -> np.ndarray:
    """This function will give the shares of a long-tailed choice: the first is drawn most often."""
    weights = 1.0 / np.arange(3, count + 3) ** power
    return weights / weights.sum()


@cache
def surname_pool() -> tuple[np.ndarray, np.ndarray]:
    """This function will give the surnames and their shares."""
    names, weights = np.array(SURNAMES[::2]), np.array(SURNAMES[1::2], float)
    return names, weights / weights.sum()


def surnames(draw: np.random.Generator, count: int) -> np.ndarray:
    """This function will draw surnames as often as the country bears them."""
    names, share = surname_pool()
    return draw.choice(names, count, p=share)


def given(draw: np.random.Generator, girls: np.ndarray) -> np.ndarray:
    """This function will draw given names: popular ones, two characters of the pool, one character."""
    count = len(girls)
    found = np.empty(count, "<U2")
    for wanted, popular, pool in ((True, GIRLS, GIRL_CHARACTERS), (False, BOYS, BOY_CHARACTERS)):
        rows = np.flatnonzero(girls == wanted)
        characters = np.array(list(dict.fromkeys(pool)))
        how, share = draw.random(len(rows)), tailed(len(characters))
        first = draw.choice(characters, len(rows), p=share)
        second = draw.choice(draw.permutation(characters), len(rows), p=share)
        names = np.where(how < 0.08, first, np.char.add(first, second))
        named = draw.choice(np.array(popular), len(rows), p=tailed(len(popular)))
        found[rows] = np.where(how > 0.7, named, names)
    return found


def grown(draw: np.random.Generator, count: int) -> np.ndarray:
    """This function will draw given names of parents and grandparents."""
    characters = np.array(list(dict.fromkeys(ADULT_CHARACTERS)))
    share = tailed(len(characters), 0.5)
    first, second = (draw.choice(characters, count, p=share) for _ in "ab")
    return np.where(draw.random(count) < 0.2, second, np.char.add(first, second))


@cache
def alike() -> tuple[dict[str, str], dict[str, str]]:
    """This function will give, for each character of the pools, those that sound the same, and those that nearly do."""
    from pypinyin import Style, lazy_pinyin

    pool = dict.fromkeys(
        "".join((*SURNAMES[::2], *GIRLS, *BOYS, GIRL_CHARACTERS, BOY_CHARACTERS, ADULT_CHARACTERS))
    )
    same: dict[str, list[str]] = {}
    near: dict[str, list[str]] = {}
    sounds = {character: lazy_pinyin(character, style=Style.NORMAL)[0] for character in pool}
    for character, sound in sounds.items():
        same.setdefault(sound, []).append(character)
        near.setdefault(_folded(sound), []).append(character)
    return (
        {one: "".join(c for c in same[sound] if c != one) for one, sound in sounds.items()},
        {
            one: "".join(c for c in near[_folded(s)] if c != one and sounds[c] != s)
            for one, s in sounds.items()
        },
    )


def _folded(sound: str) -> str:
    for long, short in NEAR:
        sound = sound.replace(long, short)
    return sound


def written(name: str, how: str, luck: float) -> str:
    """This function will write a name wrongly in one named way; a way that does not fit leaves it as it is.

    homophone, variant, shape, swapped (given characters), missing, extra; `luck` in [0, 1) chooses among possibilities.
    """
    at = int(luck * 997) % len(name) if name else 0
    if how in ("variant", "shape"):
        table = VARIANTS if how == "variant" else SHAPES
        places = [n for n, one in enumerate(name) if one in table]
        if not places:
            return name
        at = places[int(luck * len(places))]
        return name[:at] + table[name[at]] + name[at + 1 :]
    if how == "homophone":
        same, near = alike()
        places = [n for n, one in enumerate(name) if same.get(one) or near.get(one)]
        places = [n for n in places if n] or places  # surnames are seldom misheard
        if not places:
            return name
        at = places[int(luck * len(places))]
        wide = near.get(name[at], "") if luck * 83 % 1 < 0.2 else same.get(name[at], "")
        wide = wide or same.get(name[at]) or near[name[at]]
        return name[:at] + wide[int(luck * 7919) % len(wide)] + name[at + 1 :]
    if how == "swapped" and len(name) == 3:
        return name[0] + name[2] + name[1]
    if how == "missing" and len(name) > 2:
        at = max(at, 1)
        return name[:at] + name[at + 1 :]
    if how == "extra" and name:
        pool = GIRL_CHARACTERS + BOY_CHARACTERS
        return name + pool[int(luck * 7919) % len(pool)] if len(name) < 3 else name[:2] + name[1:2]
    return name
