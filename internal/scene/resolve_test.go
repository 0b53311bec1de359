package scene

import (
	"slices"
	"strings"
	"testing"
)

func TestResolve(t *testing.T) {
	t.Parallel()
	d := load(t)
	tests := []struct {
		dict, cell string
		want       []string
	}{
		{DictField, "智慧交通", []string{"smart_transport"}},
		{DictField, "智慧交通、智慧安防", []string{"smart_transport", "smart_security"}},
		{DictField, "物联网、AI", []string{"artificial_intelligence"}},
		{DictIndustry, "物联网、AI", []string{"iot", "ai_metaverse"}},
		{DictIndustry, "人工智能/元宇宙", []string{"ai_metaverse"}},
		{DictField, "人工智能/元宇宙", []string{"artificial_intelligence", "digital_creative"}},
		{DictField, "智慧水务\n智慧水务；智慧环保", []string{"smart_water", "smart_environment"}},
		{DictField, "智慧養老", []string{"smart_eldercare"}},
		{DictField, "ＡＩ", []string{"artificial_intelligence"}},
		{DictField, "AI+安防", []string{"artificial_intelligence", "smart_security"}},
		{DictField, "email", nil},
		{DictField, "smart  Water; ROBOTICS", []string{"smart_water", "robotics"}},
		{DictField, "", nil},
		{DictField, "其他", nil},
		{DictIndustry, "汽车及零部件（含新能源汽车）", []string{"automotive"}},
		{DictIndustry, "新能源汽车", []string{"automotive"}},
		{DictIndustry, "新能源", []string{"new_energy"}},
		{DictMode, "技术转让；许可使用", []string{"technology_transfer"}},
		{DictMode, "合作开发，技术入股", []string{"joint_research", "equity"}},
		{DictMode, "设备采购/租赁", []string{"equipment"}},
		{DictTRL, "初期-中期", []string{"early", "middle"}},
		{DictTRL, "TRL 7级", []string{"7"}},
		{DictTRL, "7", []string{"7"}},
		{DictTRL, "2024年", nil},
		{DictEconomy, "制造业，教育", []string{"C", "P"}},
		{DictEconomy, "信息传输、软件和信息技术服务业", []string{"I"}},
		{DictOwnerKind, "国企", []string{"soe"}},
		{DictOwnerKind, "事业单位", []string{"government"}},
		{DictStrategic, "先进制造与自动化", []string{"advanced_equipment"}},
		{DictQualification, "国家级专精特新‘小巨人’企业", []string{"little_giant"}},
		{DictQualification, "专精特新「小巨人」", []string{"little_giant"}},
		{DictQualification, "專精特新", []string{"specialised"}},
		{DictQualification, "ISO 9001、ISO-27001", []string{"iso9001", "iso27001"}},
		{DictQualification, "ISO9001/27001", []string{"iso9001", "iso27001"}},
		{DictQualification, "ISO9001:2015", []string{"iso9001"}},
		{DictQualification, "190011", nil},
		{DictQualification, "CMMI5", []string{"cmmi5"}},
		{DictRegion, "无锡市", []string{"320200"}},
	}
	for _, tt := range tests {
		if got := d.Resolve(tt.dict, tt.cell); !slices.Equal(got, tt.want) {
			t.Errorf("%s %q = %v, want %v", tt.dict, tt.cell, got, tt.want)
		}
	}
}

func TestQualifications(t *testing.T) {
	t.Parallel()
	d := load(t)
	tests := map[string]string{ // cell to "code level text|…"
		"国家级专精特新‘小巨人’企业": "little_giant national 国家级专精特新‘小巨人’企业",
		"江苏省省级专精特新小巨人企业": "little_giant provincial 江苏省省级专精特新小巨人企业",
		"科技小巨人": "tech_giant  科技小巨人",
		"小巨人":   "little_giant national 小巨人",
		"（专精特新企业、国高企业）":    "specialised  专精特新企业|high_tech national 国高企业",
		"省级专精特新中小企业":       "specialised provincial 省级专精特新中小企业",
		"专精特新中小企业（省级）":     "specialised provincial 专精特新中小企业（省级）",
		"江苏省无锡市瞪羚企业":       "gazelle municipal 江苏省无锡市瞪羚企业",
		"国家级企业技术中心；省重点实验室": "tech_centre national 国家级企业技术中心|key_laboratory provincial 省重点实验室",
		"高企 专精特新":          "high_tech national 高企 专精特新|specialised  高企 专精特新",
		"科创板上市公司":          "listed  科创板上市公司",
		"ISO9001/27001":    "iso9001  ISO9001|iso27001  27001",
		"CMMI 3级,等保三级":     "cmmi3  CMMI 3级|mlps3  等保三级",
		"暂无专精特新资质，拟申报瞪羚":   "",
		"高新技术企业（申报中）":      "",
		"":                 "",
		"无":                "",
		"高新技术企业、高新技术企业":    "high_tech national 高新技术企业",
		"電子與智能化工程專業承包二級":   "smart_building_contractor  電子與智能化工程專業承包二級",
		"【高新技术企业】":         "high_tech national 高新技术企业",
	}
	for cell, want := range tests {
		var got []string
		for _, q := range d.Qualifications(cell) {
			got = append(got, q.Code+" "+q.Level+" "+q.Text)
		}
		if s := strings.Join(got, "|"); s != want {
			t.Errorf("%q:\n got %s\nwant %s", cell, s, want)
		}
	}
}

func TestSuggest(t *testing.T) {
	t.Parallel()
	d := load(t)
	tests := []struct{ dict, text, want string }{
		{DictField, "老旧小区二次供水泵房漏损率高，水质余氯靠人工抄表", "smart_water"},
		{DictField, "独居老人夜间跌倒发现不及时，护理院人手不足", "smart_eldercare"},
		{DictField, "高架匝道路口早高峰拥堵，信号灯配时靠经验", "smart_transport"},
		{DictField, "封测产线探针磨损导致良率波动，需要晶圆级检测", "semiconductors"},
		{DictIndustry, "自研毫米波雷达传感终端与边缘计算网关", "iot"},
		{DictIndustry, "全钒液流电池与BMS，用于园区削峰填谷的储能", "hydrogen_storage"},
	}
	for _, tt := range tests {
		got := d.Suggest(tt.dict, tt.text)
		if len(got) == 0 || got[0].Code != tt.want {
			t.Errorf("%q: %v, want %s first", tt.text, got, tt.want)
		}
		for i, s := range got {
			if s.Score <= 0 || s.Score >= 1 || len(s.Words) == 0 || i > 0 && s.Score > got[i-1].Score {
				t.Errorf("%q: %+v", tt.text, s)
			}
		}
	}
	if got := d.Suggest(DictField, "需要智能化解决方案"); len(got) != 0 {
		t.Errorf("a vague text suggests %v", got)
	}
	once, twice := d.Suggest(DictField, "景区"), d.Suggest(DictField, "景区景区景区")
	if len(once) != 1 || len(twice) != 1 || once[0].Score != twice[0].Score {
		t.Errorf("repetition counts: %v, %v", once, twice)
	}
}

func FuzzResolve(f *testing.F) {
	for _, s := range []string{"物联网、AI", "人工智能/元宇宙", "江苏省无锡市新吴区", "ISO 9001", "\xff\xfe", "（（（", "國家級專精特新“小巨人”企業", "a-b_c d"} {
		f.Add(s)
	}
	d := load(f)
	f.Fuzz(func(t *testing.T, s string) {
		for _, name := range d.Names() {
			codes := d.Resolve(name, s)
			for i, c := range codes {
				if _, ok := d.Term(name, c); !ok || slices.Contains(codes[:i], c) {
					t.Errorf("%s: %q gives %v", name, s, codes)
				}
			}
			for _, x := range d.Suggest(name, s) {
				if _, ok := d.Term(name, x.Code); !ok {
					t.Errorf("%s: %q suggests %v", name, s, x)
				}
			}
		}
		for _, q := range d.Qualifications(s) {
			if _, ok := d.Term(DictQualification, q.Code); !ok || !strings.Contains(s, q.Text) {
				t.Errorf("%q gives %+v", s, q)
			}
		}
	})
}
