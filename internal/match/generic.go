package match

import "strings"

// genericWords stand in any listing whatever its topic. In a large catalogue
// their frequency shows it; a small one cannot know, so it is told.
const genericWords = `
需求 需要 要求 技术 研发 研究 研制 开发 关键 产业化 产业 应用 项目 系统 平台 方案 解决 解决方案 智能化 智能 智慧 数字化 信息化
提升 提高 改善 优化 升级 改造 建设 服务 企业 公司 产品 设备 装置 方法 一种 及其 实现 合作 寻求 希望 目前 问题 场景 能力 推广
管理 支持 提供 采用 具有 基于 相关 进行 以及 创新 工程 示范 基地 行业 领域 国内 国际 先进 水平 高效 新型 综合 一体化 开展
`

func genericTerms() map[term]bool {
	set := map[term]bool{}
	for _, w := range strings.Fields(genericWords) {
		terms, _ := appendTerms(nil, []rune(w))
		for _, t := range terms {
			if t&kindMask == kindPair {
				set[t] = true
			}
		}
	}
	return set
}
