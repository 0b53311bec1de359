package match

import (
	"strings"
	"sync"
)

// unit is a way to write a quantity: its base and how many of the base it is.
type unit struct {
	base   string // canonical symbol of the dimension, e.g. "Pa"
	factor float64
}

// unitRows lists the spellings by dimension: base symbol, then spelling=factor.
// Case counts where it tells units apart (mW and MW). Counted things (台, 路 …)
// are each their own base: two of one thing are not two of another.
const unitRows = `
m nm=1e-9 纳米=1e-9 μm=1e-6 µm=1e-6 um=1e-6 微米=1e-6 丝=1e-5 mm=1e-3 MM=1e-3 毫米=1e-3 cm=1e-2 CM=1e-2 厘米=1e-2 公分=1e-2 dm=0.1 m=1 米=1 km=1e3 KM=1e3 Km=1e3 公里=1e3 千米=1e3 英寸=0.0254 寸=0.0254 海里=1852
m² mm²=1e-6 mm2=1e-6 平方毫米=1e-6 cm²=1e-4 cm2=1e-4 平方厘米=1e-4 m²=1 m2=1 ㎡=1 平方米=1 平米=1 平方=1 亩=666.6667 公顷=1e4 hm²=1e4 hm2=1e4 km²=1e6 km2=1e6 平方公里=1e6 平方千米=1e6
m³ cm³=1e-6 cm3=1e-6 mL=1e-6 ml=1e-6 毫升=1e-6 μL=1e-9 微升=1e-9 L=1e-3 升=1e-3 m³=1 m3=1 立方米=1 立方=1 方=1 立方厘米=1e-6 Nm³=1 Nm3=1
kg ng=1e-12 μg=1e-9 µg=1e-9 ug=1e-9 微克=1e-9 mg=1e-6 毫克=1e-6 g=1e-3 克=1e-3 kg=1 KG=1 Kg=1 公斤=1 千克=1 斤=0.5 t=1e3 吨=1e3
s ns=1e-9 纳秒=1e-9 μs=1e-6 µs=1e-6 us=1e-6 微秒=1e-6 ms=1e-3 毫秒=1e-3 s=1 S=1 sec=1 秒=1 秒钟=1 min=60 分钟=60 分=60 h=3600 H=3600 hr=3600 小时=3600 个小时=3600 d=86400 天=86400 日=86400 个工作日=86400 工作日=86400 周=604800 星期=604800 个月=2629800 月=2629800 季度=7889400 年=31557600
Hz Hz=1 HZ=1 hz=1 赫兹=1 kHz=1e3 KHz=1e3 KHZ=1e3 千赫=1e3 MHz=1e6 MHZ=1e6 兆赫=1e6 GHz=1e9 GHZ=1e9 fps=1 FPS=1 帧/秒=1 帧=1
rpm rpm=1 RPM=1 r/min=1 转/分=1 转/分钟=1 转每分=1 转=1 r=1
Pa Pa=1 帕=1 hPa=100 百帕=100 kPa=1e3 KPa=1e3 千帕=1e3 MPa=1e6 Mpa=1e6 MPA=1e6 mpa=1e6 兆帕=1e6 GPa=1e9 Gpa=1e9 bar=1e5 Bar=1e5 公斤力=98066.5 个大气压=101325 大气压=101325 mmHg=133.322 psi=6894.76
℃ ℃=1 °C=1 摄氏度=1
K K=1 开尔文=1
W mW=1e-3 毫瓦=1e-3 W=1 w=1 瓦=1 kW=1e3 KW=1e3 kw=1e3 Kw=1e3 千瓦=1e3 MW=1e6 兆瓦=1e6 GW=1e9 吉瓦=1e9 匹=735 马力=735
Wh Wh=1 瓦时=1 kWh=1e3 KWh=1e3 KWH=1e3 kwh=1e3 千瓦时=1e3 度电=1e3 MWh=1e6 兆瓦时=1e6 GWh=1e9
J J=1 焦耳=1 mJ=1e-3 kJ=1e3 KJ=1e3 MJ=1e6
V μV=1e-6 mV=1e-3 毫伏=1e-3 V=1 v=1 伏=1 伏特=1 kV=1e3 KV=1e3 千伏=1e3
A μA=1e-6 µA=1e-6 uA=1e-6 微安=1e-6 mA=1e-3 毫安=1e-3 A=1 安=1 安培=1 kA=1e3 KA=1e3
Ah mAh=1e-3 毫安时=1e-3 Ah=1 安时=1
VA VA=1 kVA=1e3 KVA=1e3 千伏安=1e3 MVA=1e6
Ω mΩ=1e-3 Ω=1 欧=1 欧姆=1 kΩ=1e3 KΩ=1e3 MΩ=1e6 兆欧=1e6
F pF=1e-12 nF=1e-9 μF=1e-6 uF=1e-6
T T=1 特斯拉=1 mT=1e-3
N mN=1e-3 N=1 牛=1 牛顿=1 kN=1e3 KN=1e3 千牛=1e3 MN=1e6
N·m N·m=1 N.m=1 N*m=1 Nm=1 牛米=1 牛·米=1 kN·m=1e3 kN.m=1e3
B KB=1e3 kB=1e3 MB=1e6 M=1e6 兆=1e6 GB=1e9 G=1e9 TB=1e12 PB=1e15 字节=1
bps bps=1 kbps=1e3 Kbps=1e3 Mbps=1e6 Mb/s=1e6 Mbit/s=1e6 Gbps=1e9 Gb/s=1e9 Gbit/s=1e9 Tbps=1e12
OPS GOPS=1e9 TOPS=1e12 POPS=1e15 Tops=1e12
FLOPS GFLOPS=1e9 TFLOPS=1e12 TFlops=1e12 PFLOPS=1e15 PFlops=1e15
像素 像素=1 px=1 pixel=1 MP=1e6
dB dB=1 db=1 DB=1 分贝=1 dB(A)=1 dBA=1
dBm dBm=1 dbm=1
dBi dBi=1
lx lx=1 lux=1 Lux=1 勒克斯=1
lm lm=1 流明=1
HRC HRC=1
HV HV=1
HB HB=1 HBW=1
° °=1 度=1 ′=0.0166667 ″=0.000277778 角分=0.0166667 角秒=0.000277778
mol mol=1 mmol=1e-3 μmol=1e-6
Bq Bq=1 kBq=1e3
% %=1 wt%=1 vol%=1 ‰=0.1 个百分点=1 百分点=1 ppm=1e-4 PPM=1e-4 ppb=1e-7
元 元=1 块=1 人民币=1 千元=1e3 万元=1e4 万=1e4 百万元=1e6 千万元=1e7 亿元=1e8 亿=1e8
次 次=1 人次=1 回=1 cycles=1 循环=1 次循环=1
人 人=1 名=1 位=1
户 户=1
台 台=1 台套=1 台(套)=1
套 套=1
个 个=1
只 只=1
件 件=1
条 条=1
路 路=1
辆 辆=1 车=1
架 架=1
架次 架次=1
艘 艘=1
座 座=1
处 处=1
点 点=1 个点=1
项 项=1
篇 篇=1
家 家=1
种 种=1 类=1
级 级=1
倍 倍=1
代 代=1
层 层=1
通道 通道=1 个通道=1
线 线=1
轴 轴=1 自由度=1 个自由度=1
目 目=1
片 片=1
根 根=1
头 头=1
株 株=1
张 张=1
份 份=1
例 例=1
TEU TEU=1 标箱=1
孔 孔=1
`

type unitTable struct {
	byText  map[string]unit
	longest int // in code points
}

// units is built once from unitRows and never written again.
var units = sync.OnceValue(readUnits)

func readUnits() unitTable {
	t := unitTable{byText: map[string]unit{}}
	for line := range strings.Lines(unitRows) {
		cells := strings.Fields(line)
		if len(cells) < 2 {
			continue
		}
		for _, c := range cells[1:] {
			at := strings.LastIndexByte(c, '=')
			factor, ok := parseFloat(c[at+1:])
			if at < 1 || !ok {
				continue
			}
			t.byText[c[:at]] = unit{base: cells[0], factor: factor}
			t.longest = max(t.longest, len([]rune(c[:at])))
		}
	}
	return t
}

// match reads the longest spelling at the start of text. A Latin spelling must
// not run on into further letters ("m" in "mode").
func (t unitTable) match(text []rune) (unit, int, bool) {
	for n := min(t.longest, len(text)); n > 0; n-- {
		u, ok := t.byText[string(text[:n])]
		if !ok || latinLetter(text[n-1]) && n < len(text) && latinLetter(text[n]) {
			continue
		}
		return u, n, true
	}
	return unit{}, 0, false
}

func latinLetter(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == 'Ω' || r == 'μ'
}

// unitAt reads a unit and, after a slash or 每, what it is per.
func unitAt(text []rune) (unit, int, bool) {
	table := units()
	u, n, ok := table.match(text)
	if !ok {
		return unit{}, 0, false
	}
	rest := text[n:]
	if len(rest) < 2 || rest[0] != '/' && rest[0] != '每' {
		return u, n, true
	}
	per, m, ok := table.match(rest[1:])
	if !ok {
		return u, n, true
	}
	return unit{base: u.base + "/" + per.base, factor: u.factor / per.factor}, n + 1 + m, true
}
