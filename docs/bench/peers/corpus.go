package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// corpus invents documents in the manner of technology listings: words by
// Zipf's law, names that are in no dictionary.
type corpus struct {
	rng   *rand.Rand
	words []string
	zipf  *rand.Zipf
	names []rune
}

func newCorpus(seed uint64) *corpus {
	c := &corpus{rng: rand.New(rand.NewPCG(seed, 1))}
	things := strings.Fields("污水 管网 水质 河道 路灯 停车场 电梯 桥梁 隧道 边坡 楼宇 工地 园区 社区 学校 医院 病房 养老院 景区 博物馆 商圈 仓库 港口 机场 轨道 公交 车间 产线 机床 轴承 电池 光伏 储能 充电桩 变电站 锅炉 燃气 垃圾 土壤 大气 噪声 森林 农田 大棚 水产 种子 食品 药品 芯片 晶圆 传感器 雷达 摄像头 机器人 无人机 机械臂 大模型 知识图谱 数据中台 区块链 数字孪生 物联网 边缘计算 卫星遥感 北斗导航 激光雷达")
	acts := strings.Fields("监测 检测 预警 巡检 识别 分析 调度 管理 控制 优化 诊断 预测 清洗 清扫 配送 焊接 喷涂 切割 分拣 追溯 评估 仿真 建模 标注 采集 传输 存储 加密 运维 改造 修复 回收 治理 救援 疏散 导览 陪护 康复 培训 推荐")
	for _, thing := range things {
		c.words = append(c.words, thing)
		for _, act := range acts {
			c.words = append(c.words, thing+act)
		}
	}
	c.rng.Shuffle(len(c.words), func(i, j int) { c.words[i], c.words[j] = c.words[j], c.words[i] })
	c.zipf = rand.NewZipf(c.rng, 1.1, 8, uint64(len(c.words)-1))
	for r := rune(0x4E00); len(c.names) < 2500; r += 7 {
		c.names = append(c.names, r)
	}
	return c
}

func (c *corpus) word() string { return c.words[c.zipf.Uint64()] }

func (c *corpus) name() string {
	return string([]rune{c.names[c.rng.IntN(len(c.names))], c.names[c.rng.IntN(len(c.names))]})
}

// text is a description of exactly n characters.
func (c *corpus) text(n int) string {
	joints := []string{"面向", "，提供", "系统，支持", "平台，实现", "与", "设备，可用于", "。采用", "技术，已在", "项目应用，精度达到", "解决方案，"}
	var b strings.Builder
	for written := 0; written < n; {
		piece := joints[c.rng.IntN(len(joints))] + c.word()
		if c.rng.IntN(6) == 0 {
			piece += c.name()
		}
		if c.rng.IntN(8) == 0 {
			piece += fmt.Sprintf("%d%%", c.rng.IntN(100))
		}
		b.WriteString(piece)
		written += len([]rune(piece))
	}
	return string([]rune(b.String())[:n])
}

const textLength = 110 // characters beside the title

func (c *corpus) documents(n int) []document {
	pick := func(name string, n int) string { return fmt.Sprintf("%s%d", name, c.rng.IntN(n)) }
	out := make([]document, n)
	for i := range out {
		out[i] = document{
			id: fmt.Sprintf("doc-%06d", i), title: c.name() + c.word() + "系统", text: c.text(textLength),
			facets: map[string]string{
				"field": pick("领域", 19), "region": pick("区", 12), "maturity": pick("阶段", 3), "kind": pick("类型", 6),
			},
		}
	}
	return out
}

// query is three words and a region.
func (c *corpus) query() (words []string, region string) {
	return []string{c.word(), "系统", "平台"}, fmt.Sprintf("区%d", c.rng.IntN(12))
}

const needLength = 1000 // characters

func (c *corpus) need() need {
	return need{title: c.word() + c.word() + "改造", body: c.text(needLength)}
}
