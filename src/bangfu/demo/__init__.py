"""The demo school 石坎镇中心小学: invented, the same every time, alive on whatever day it is built."""

from bangfu.demo.school import LogIn, build

__all__ = ["LogIn", "build"]
