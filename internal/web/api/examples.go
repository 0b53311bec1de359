package api

import (
	"time"

	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// The examples of the document, all invented. A test validates each against
// the schema beside which it stands.

func exampleOpportunity() Opportunity {
	until := time.Date(2027, 3, 31, 15, 59, 59, 0, time.UTC)
	return Opportunity{
		Listing: Listing{
			ID: "01J9ZD3V5W8QJ7R2K4M6N8P0S1", Revision: 3, Code: "JH-2026-017", Batch: "第三批", Name: "大桥结构健康在线监测",
			NameEn: "Online structural health monitoring of a bridge", Organisation: Party{"01J9ZD3V5W8QJ7R2K4M6N8P0A7", "示例市桥隧管理中心"},
			Fields: []string{"smart_transport"}, Industries: []string{}, Modes: []string{"purchase_solution"}, Regions: []string{"320211"},
			Keywords: []string{"桥梁", "监测"}, State: "published", Open: true, ValidTo: &until, Updated: until.AddDate(0, -6, 0),
		},
		Situation: "人工巡检每季度一次，难以及时发现裂缝。", Need: "对主桥振动、位移和裂缝在线监测并预警。",
		Targets: "裂缝识别精度 ±0.2 mm，预警响应时间小于 5 分钟。",
		Budget:  &Money{MinFen: 80_000_000, MaxFen: 120_000_000}, Schedule: &Months{Max: 6}, FirstUse: scene.Yes,
		Eligibility: Requirements{Qualifications: []string{"high_tech"}, Regions: []string{}, MinMaturity: 7},
	}
}

func exampleCapability() Capability {
	updated := time.Date(2026, 9, 30, 2, 0, 0, 0, time.UTC)
	return Capability{
		Listing: Listing{
			ID: "01J9ZD3V5W8QJ7R2K4M6N8P0S9", Revision: 1, Name: "光纤光栅桥梁监测系统",
			Organisation: Party{"01J9ZD3V5W8QJ7R2K4M6N8P0B2", "示例光感科技有限公司"},
			Fields:       []string{"smart_transport"}, Industries: []string{"iot"}, Modes: []string{}, Regions: []string{},
			Keywords: []string{"光纤光栅"}, Maturity: &Levels{8, 9, "mature"}, State: "published", Open: true, Updated: updated,
		},
		Description: "以光纤光栅传感器连续采集应变、位移与温度，边缘侧计算，云端预警。", Indicators: "位移精度 ±0.1 mm。",
		Qualifications: []Qualification{{Code: "little_giant", Level: "national"}},
		Cases:          []Case{{Customer: "示例高速公路管理处", Year: 2025, Result: "提前发现 3 处异常"}},
		Price:          &Money{MinFen: 60_000_000, MaxFen: 100_000_000}, Delivery: &Months{Min: 3, Max: 5},
		Wants: Wants{Regions: []string{}, Modes: []string{}},
	}
}

func exampleOrganisation() Organisation {
	return Organisation{
		ID: "01J9ZD3V5W8QJ7R2K4M6N8P0B2", Revision: 2, Name: "示例光感科技有限公司", Aliases: []string{}, Kind: "private", Region: "320214",
		Industries: []string{"iot"}, Qualifications: []Qualification{{Code: "little_giant", Level: "national"}}, Founded: 2016,
		Updated: time.Date(2026, 9, 30, 2, 0, 0, 0, time.UTC),
	}
}

func exampleRanking() match.Ranking {
	return match.Ranking{
		Need: match.Ref{ID: "01J9ZD3V5W8QJ7R2K4M6N8P0S1", Code: "JH-2026-017", Name: "大桥结构健康在线监测", Org: "示例市桥隧管理中心"},
		Matches: []match.Match{{
			Offer: match.Ref{ID: "01J9ZD3V5W8QJ7R2K4M6N8P0S9", Code: "", Name: "光纤光栅桥梁监测系统", Org: "示例光感科技有限公司"},
			Score: 0.86, Raw: 0.71, Eligible: "unknown", Reason: "“桥梁、监测、预警”相符，报价在预算之内；是否高新技术企业尚未注明。",
			Parts: []match.Part{{
				Name: "terms", Value: 0.71, Weight: 1, Contribution: 0.71,
				Evidence: []match.Evidence{{Side: "need", Field: "need", Start: 2, End: 4, Text: "振动"}},
			}},
			Gaps:       []match.Gap{{Clause: "qualification:high_tech", Status: "unknown", Want: "高新技术企业", Advice: "请补充资质证书。"}},
			Reciprocal: match.Reciprocal{Need: 0.86, Offer: 0.8, Both: 0.83},
		}},
		Excluded: []match.Exclusion{{
			Offer:   match.Ref{ID: "01J9ZD3V5W8QJ7R2K4M6N8P0T3", Name: "桥梁巡检机器人", Org: "示例机器人有限公司"},
			Clauses: []match.Gap{{Clause: "budget", Status: "unmet", Have: "200 万元起", Want: "120 万元以内", Advice: "可就分期建设洽谈。"}},
		}},
		Changes: []match.Change{{
			Move: match.Move{Kind: "budget", Fen: 200_000_000}, From: "120 万元", To: "200 万元", Share: 2.0 / 3, Admits: 1, Least: 0.3,
			Offers: []match.Ref{{ID: "01J9ZD3V5W8QJ7R2K4M6N8P0T3", Name: "桥梁巡检机器人", Org: "示例机器人有限公司"}},
			Text:   "预算上限从 120 万元放宽到 200 万元（+67 %），另有 1 家可入围",
		}},
		Version: "1",
	}
}

func exampleSearch() SearchPage {
	return SearchPage{
		Total: 1,
		Items: []SearchHit{{
			ID: "01J9ZD3V5W8QJ7R2K4M6N8P0S1", Kind: "opportunity", Name: "大桥结构健康在线监测",
			Organisation: &Party{"01J9ZD3V5W8QJ7R2K4M6N8P0A7", "示例市桥隧管理中心"}, Score: 12.4, NameMatches: []Range{{8, 10}},
		}},
		Facets: map[string][]Facet{"field": {{"smart_transport", "智慧交通", 1}}},
	}
}

func exampleOwnOpportunity() OwnOpportunity {
	o, at := exampleOpportunity(), time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)
	return OwnOpportunity{
		Standing{ID: o.ID, Revision: 1, State: "draft", Organisation: o.Organisation, Created: at, Updated: at},
		OpportunityEntry{
			EntryPart: EntryPart{Name: o.Name, Fields: o.Fields, Modes: o.Modes, Regions: o.Regions, Keywords: o.Keywords},
			Situation: o.Situation, Need: o.Need, Targets: o.Targets, Budget: o.Budget, Schedule: o.Schedule, FirstUse: "yes",
			Eligibility: &Requirement{Qualifications: []string{"high_tech"}, MinMaturity: 7},
		},
	}
}

func exampleOwnCapability() OwnCapability {
	c, at := exampleCapability(), time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)
	return OwnCapability{
		Standing{
			ID: c.ID, Revision: 2, State: "draft", Organisation: c.Organisation, Created: at, Updated: at,
			Steps: []Step{{at, "draft", "submitted", ""}, {at.Add(time.Hour), "submitted", "draft", "请补充性能指标。"}},
		},
		CapabilityEntry{
			EntryPart:   EntryPart{Name: c.Name, Fields: c.Fields, Industries: c.Industries, Keywords: c.Keywords, Maturity: &TRL{8, 9}},
			Description: c.Description, Indicators: c.Indicators, Cases: c.Cases, Qualifications: c.Qualifications, Price: c.Price, Delivery: c.Delivery,
		},
	}
}

func exampleOpportunityEntry() OpportunityEntry {
	e := exampleOwnOpportunity().Entry
	e.Person, e.Phone = "李四", "0510-00000000"
	return e
}

func exampleCapabilityEntry() CapabilityEntry {
	e := exampleOwnCapability().Entry
	e.Person, e.Mail = "王五", "wangwu@example.com"
	return e
}

func exampleNext() *Next { return &Next{"现场踏勘", "provider", "2026-12-18"} }

func exampleBegun() PairBegun {
	return PairBegun{"01J9ZD3V5W8QJ7R2K4M6N8P0S1", "01J9ZD3V5W8QJ7R2K4M6N8P0S9", "我们在贵市有三处在用。"}
}

func examplePair() Pair {
	at := time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)
	o, c := exampleOpportunity(), exampleCapability()
	return Pair{
		ID: "01J9ZD3V5W8QJ7R2K4M6N8P0E1", Revision: 3, Stage: "docking", Stages: []string{"proposal", "pilot", "contract", "stopped"}, Begun: "provider",
		Opportunity: Side{o.ID, o.Name, o.Organisation, "accepted", &at}, Capability: Side{c.ID, c.Name, c.Organisation, "accepted", &at},
		Next: exampleNext(), Moved: at, Created: at, Updated: at,
	}
}

func examplePairRead() Pair {
	p := examplePair()
	p.Party, p.Part = "owner", "总集成"
	p.Partners = []Beside{{
		Side: Side{"01J9ZD3V5W8QJ7R2K4M6N8P0S7", "投入式水位计", Party{"01J9ZD3V5W8QJ7R2K4M6N8P0R7", "苏浦传感科技有限公司"}, "accepted", &p.Moved}, Part: "供水位计",
	}}
	p.Entries = []PairEntry{
		{At: p.Created, Kind: "interest", Party: "provider", Text: "我们在贵市有三处在用。"},
		{At: p.Moved, Kind: "accept", Party: "owner"},
		{At: p.Moved, Kind: "move", Party: "owner", From: "mutual_interest", To: "docking", Next: exampleNext()},
	}
	return p
}
