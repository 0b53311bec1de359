package transfer

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"jinghe/internal/scene"
)

var (
	regexTRL  = regexp.MustCompile(`^(?:技术就绪(?:度|水平)|技术成熟度|就绪度|成熟度|trl)*(?:等级|第|level)?[-:]?([1-9])(?:级)?(?:[-~–—至到/](?:trl)?-?([1-9]))?(?:\.0)?(?:级)?$`)
	regexNote = regexp.MustCompile(`\([^()]*\)$`)
)

// parseMaturity reads a whole cell as a range of technology readiness levels:
// “TRL 7”, “6-8级”, or a word for a stage. The words follow the levels of GB/T
// 22900-2022 and the three stages of the printed lists (初期, 中期, 成熟应用).
func parseMaturity(cell string) (scene.Maturity, bool) {
	if nothing(cell) {
		return scene.Maturity{}, true
	}
	s := fold(cell)
	if m, ok := stage(s); ok {
		return m, true
	}
	if m, ok := levels(s); ok {
		return m, true
	}
	s = regexNote.ReplaceAllString(s, "")
	if m, ok := stage(s); ok {
		return m, true
	}
	return levels(s)
}

func levels(s string) (scene.Maturity, bool) {
	m := regexTRL.FindStringSubmatch(s)
	if m == nil {
		return scene.Maturity{}, false
	}
	lo, _ := strconv.Atoi(m[1])
	hi := lo
	if m[2] != "" {
		hi, _ = strconv.Atoi(m[2])
	}
	return scene.Maturity{Min: min(lo, hi), Max: max(lo, hi)}, true
}

func stage(s string) (scene.Maturity, bool) {
	s = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(s, "阶段"), "期段"), "状态")
	if s != "初期" && s != "中期" {
		s = strings.TrimSuffix(s, "期")
	}
	switch s {
	case "初期", "早期", "起步":
		return scene.Maturity{Min: 1, Max: 4}, true
	case "概念", "概念产品", "原理", "基础研究", "创意":
		return scene.Maturity{Min: 1, Max: 2}, true
	case "概念验证", "原理验证":
		return scene.Maturity{Min: 3, Max: 3}, true
	case "实验室", "小试", "研发", "研制", "在研", "研究开发", "实验室验证":
		return scene.Maturity{Min: 3, Max: 4}, true
	case "中期", "成长":
		return scene.Maturity{Min: 5, Max: 7}, true
	case "样机", "样品", "原型", "工程样机", "原型机":
		return scene.Maturity{Min: 5, Max: 6}, true
	case "中试", "试验", "示范", "试点", "试用", "试运行", "中试验证", "示范应用":
		return scene.Maturity{Min: 6, Max: 7}, true
	case "小批量", "试生产", "小批量生产", "首台套":
		return scene.Maturity{Min: 7, Max: 8}, true
	case "成熟应用", "成熟", "产业化", "批量生产", "量产", "规模化应用", "已商用", "商用",
		"商业化", "推广应用", "大规模应用", "可以量产", "已产业化", "已量产", "市场化", "成熟产品", "规模化", "批量":
		return scene.Maturity{Min: 8, Max: 9}, true
	}
	return scene.Maturity{}, false
}

// stages are the words that a maturity is most often written in.
func stages() []string {
	var list []string
	for _, m := range []scene.Maturity{{Min: 1, Max: 4}, {Min: 5, Max: 7}, {Min: 8, Max: 9}} {
		list = append(list, formatMaturity(m))
	}
	for n := 1; n <= 9; n++ {
		list = append(list, formatMaturity(scene.Maturity{Min: n, Max: n}))
	}
	return list
}

// formatMaturity writes m in a form that parseMaturity reads back.
func formatMaturity(m scene.Maturity) string {
	switch {
	case !m.Known():
		return ""
	case m == scene.Maturity{Min: 1, Max: 4}:
		return "初期"
	case m == scene.Maturity{Min: 5, Max: 7}:
		return "中期"
	case m == scene.Maturity{Min: 8, Max: 9}:
		return "成熟应用"
	case m.Min == m.Max:
		return fmt.Sprintf("TRL %d", m.Min)
	}
	return fmt.Sprintf("TRL %d-%d", m.Min, m.Max)
}
