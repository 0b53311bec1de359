package standing_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"jinghe/internal/scene"
)

// stock makes random searches and listings of both kinds out of a small vocabulary.
type stock struct {
	rng   *rand.Rand
	zipf  *rand.Zipf
	words []string
}

func newStock(seed uint64) *stock {
	s := &stock{rng: rand.New(rand.NewPCG(seed, 3))}
	things := strings.Fields("污水 管网 水质 河道 路灯 停车场 电梯 桥梁 隧道 边坡 楼宇 工地 园区 社区 学校 医院 病房 养老院 景区 博物馆 商圈 仓库 港口 机场 轨道 公交 车间 产线 机床 轴承 电池 光伏 储能 充电桩 变电站 锅炉 燃气 垃圾 土壤 大气 噪声 森林 农田 大棚 水产 种子 食品 药品 芯片 晶圆 传感器 雷达 摄像头 机器人 无人机 机械臂 大模型 知识图谱 数据中台 区块链 数字孪生 物联网 边缘计算 卫星遥感 北斗导航 激光雷达")
	acts := strings.Fields("监测 检测 预警 巡检 识别 分析 调度 管理 控制 优化 诊断 预测 清洗 清扫 配送 焊接 喷涂 切割 分拣 追溯 评估 仿真 建模 标注 采集 传输 存储 加密 运维 改造 修复 回收 治理 救援 疏散 导览 陪护 康复 培训 推荐")
	for _, thing := range things {
		s.words = append(s.words, thing)
		for _, act := range acts {
			s.words = append(s.words, thing+act)
		}
	}
	s.rng.Shuffle(len(s.words), func(i, j int) { s.words[i], s.words[j] = s.words[j], s.words[i] })
	s.zipf = rand.NewZipf(s.rng, 1.1, 8, uint64(len(s.words)-1))
	return s
}

func (s *stock) word() string { return s.words[s.zipf.Uint64()] }

func (s *stock) text(runes int) string {
	joints := []string{"面向", "，提供", "系统，支持", "平台，实现", "与", "设备，可用于", "。采用", "技术，已在", "项目应用，精度达到", "解决方案，"}
	var b strings.Builder
	for n := 0; n < runes; {
		piece := joints[s.rng.IntN(len(joints))] + s.word()
		b.WriteString(piece)
		n += len([]rune(piece))
	}
	return string([]rune(b.String())[:runes])
}

func (s *stock) one(codes ...string) []string {
	if s.rng.IntN(3) == 0 {
		return nil
	}
	return []string{codes[s.rng.IntN(len(codes))]}
}

func (s *stock) fields() []string {
	return s.one("smart_water", "smart_transport", "smart_security", "smart_health", "robotics")
}

func (s *stock) regions() []string { return s.one("320200", "320214", "320000", "440300", "310000") }

func (s *stock) search(i int) scene.SavedSearch {
	q := scene.SavedSearch{
		ID: scene.ID(fmt.Sprintf("s%06d", i)), Owner: "a", Name: "订阅", Wants: scene.KindCapability,
		Fields: s.fields(), Regions: s.regions(),
	}
	if i%3 == 0 {
		q.Wants = scene.KindOpportunity
	}
	switch s.rng.IntN(8) {
	case 0:
		q.Text = s.text(60 + s.rng.IntN(200))
	case 1:
		if len(q.Fields) == 0 {
			q.Words = s.word()
		}
	default:
		q.Words = s.word() + " " + s.word()
	}
	if s.rng.IntN(6) == 0 { // a word with synonyms, beside what else is asked
		q.Words += " " + []string{"应用场景", "样机", "首台套"}[s.rng.IntN(3)]
	}
	if s.rng.IntN(6) == 0 && q.Words != "" {
		q.Text = s.text(30)
	}
	if s.rng.IntN(2) == 0 {
		q.Money.Max = scene.Money(10+s.rng.IntN(300)) * scene.Wan
	}
	if s.rng.IntN(5) == 0 {
		q.Months.Max = float64(1 + s.rng.IntN(12))
	}
	q.Modes, q.OrgID = s.one("joint_build", "purchase"), scene.ID(fmt.Sprint("org", s.rng.IntN(30)))
	return q
}

func (s *stock) capability(i int) *scene.Capability {
	c := offer(fmt.Sprintf("c%05d", i), s.word()+"系统", s.text(115))
	c.Fields, c.Regions = s.fields(), s.regions()
	c.Price.Min = scene.Money(s.rng.IntN(200)) * scene.Wan
	c.OrgID = scene.ID(fmt.Sprint("org", i%40))
	c.Delivery.Min = float64(i % 11)
	if i%3 == 0 {
		c.ScenarioText = "已有样机，适用应用场景"
	}
	if i%9 == 0 {
		c.Wants.Regions = []string{"320000"}
	}
	if i%7 == 0 {
		c.Wants.Modes = []string{"joint_build"}
	}
	return c
}

func (s *stock) opportunity(i int) *scene.Opportunity {
	o := &scene.Opportunity{
		Listing: scene.Listing{ID: scene.ID(fmt.Sprintf("n%05d", i)), Name: s.word() + "需求", OrgName: "业主", State: scene.Published},
		Need:    s.text(115),
	}
	o.Fields, o.Regions = s.fields(), s.regions()
	o.Budget.Max = scene.Money(s.rng.IntN(300)) * scene.Wan
	return o
}
