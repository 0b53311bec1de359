package match

import "strings"

// genericWords stand in any listing whatever its topic. In a large catalogue
// their frequency shows it; a small one cannot know, so it is told.
const genericWords = `
需求 需要 要求 技术 研发 研究 研制 开发 关键 产业化 产业 应用 项目 系统 平台 方案 解决 解决方案 智能化 智能 智慧 数字化 信息化
提升 提高 改善 优化 升级 改造 建设 服务 企业 公司 产品 设备 装置 方法 一种 及其 实现 合作 寻求 希望 目前 问题 场景 能力 推广
管理 支持 提供 采用 具有 基于 相关 进行 以及 创新 工程 示范 基地 行业 领域 国内 国际 先进 水平 高效 新型 综合 一体化 开展
`

// fillerWords are never shown as what two sides have in common.
const fillerWords = `
小于 大于 低于 高于 超过 少于 不少于 不低于 不超过 达到 以上 以下 以内 左右 平均 时间 分钟 小时 公里 误差 每年 每天 每月 现有 我们 我司
使用 可以 以及 其中 同时 一个 主要 通过 能够 其他 部分 情况 工作 人员 单位 数据 功能 不怕 清单 增补
`

func wordSet(lists ...string) map[string]bool {
	set := map[string]bool{}
	for _, list := range lists {
		for _, w := range strings.Fields(list) {
			set[w] = true
		}
	}
	return set
}

// genericTerms returns the pairs of the words above and of those that an
// installation silenced.
func genericTerms(silenced []string) map[term]bool {
	set := map[term]bool{}
	for _, w := range append(strings.Fields(genericWords), silenced...) {
		terms, _ := appendTerms(nil, []rune(w))
		for _, t := range terms {
			if t&kindMask == kindPair {
				set[t] = true
			}
		}
	}
	return set
}
