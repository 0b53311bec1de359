package match

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// dullWords count as any other in the score, but name no subject: what is
// measured, done, or when, whatever the topic. A sentence that gave them as the
// reason would say nothing. Function words are kept from both (generic.go).
const dullWords = `
准确率 正确率 成功率 合格率 命中率 有效率 召回率 误报率 漏报率 检出率 重复性 灵敏度 敏感度 精度 响应 速度 效率 寿命 重量 体积 成本 数量
距离 范围 等级 次数 指标 标准 性能 质量 系数 时延 延迟 频率 比例 总量 峰值 占地 间隔 变化 条件 结果 效果 种类 名单 规则 格式 里程
提前 发现 处理 控制 检出 操作 下降 降到 降低 减少 增加 新增 给出 利用 形成 到达 接入 出现 加载 启动 产生 保证 保持 保障 确保 满足 配合 执行
记录 查询 更新 刷新 测试 检查 维护 调整 提示 提醒 生成 反馈 替换 替代 更换 安装 部署 运行 适应 适用 重复 合并 错误 缺漏 有人 兼容 符合 集中
进出 引用 指出 建议 估计 计算 处置 覆盖 支撑 联动 接管 接触 分成 用率 成绩 命中 核查 校验 翻开
自动 在线 实时 动态 数字 完整 连续 有效 可用 宁可 平时 哪家 次日 当天 时刻 后半夜 一致 整体 单件 单元 当前 随时 立即 尽量 必须 应当 可能
已经 仍然 经常 往往 完全 基本 全部 全程 全天 日常 长期 短期 今年 去年 明年 上午 下午 晚上 白天 地方 位置 部位 内容 任务 过程 步骤 目标 方式
形式 机制 模式 措施 客观 主观 业务 环节 现场 人工 流程 中心 耗时 相邻 持续 不断 混合 小型 利用率
`

const (
	numerals = "一二两三四五六七八九十百千万亿半几数每各某"
	measures = "次个名组套台分秒天周年月日时点种类项家户米公里钟半批份件条只张人倍成百千万亿期轮元"
)

// dull reports whether a folded word is no reason why two sides fit: one of
// dullWords, a unit, a quantity (三分钟, 60fps) or a denial (不准).
func (e *Engine) dull(word string) bool {
	if e.plain[word] {
		return true
	}
	first, size := utf8.DecodeRuneInString(word)
	rest := word[size:]
	switch n := utf8.RuneCountInString(rest); {
	case unicode.IsDigit(first):
		return e.units[strings.TrimLeft(word, "0123456789.,")]
	case first == '不':
		return n == 1
	case strings.ContainsRune(numerals, first):
		return n <= 2 && strings.Trim(rest, measures) == ""
	}
	return e.units[word]
}

// unitNames are the folded spellings of units, of two letters and more, that
// measure; counted things (通道, 架次) may be what a need is about.
func unitNames(fold func(string) string) map[string]bool {
	set := map[string]bool{}
	for text, u := range units().byText {
		base, _ := utf8.DecodeRuneInString(u.base)
		if utf8.RuneCountInString(text) < 2 || unicode.Is(unicode.Han, base) && u.base != "元" {
			continue
		}
		set[fold(text)] = true
	}
	return set
}
