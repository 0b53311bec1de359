package scene

import (
	"testing"
	"unicode/utf8"
)

func TestRedact(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, want string }{
		"Mobile":          {"请联系张工13912345678洽谈", "请联系张工***********洽谈"},
		"MobileSpaced":    {"139 1234 5678", "*************"},
		"MobileHyphens":   {"电话139-1234-5678。", "电话*************。"},
		"MobileDots":      {"139.1234.5678", "*************"},
		"MobileDashes":    {"139 – 1234 – 5678", "*****************"},
		"MobileWide":      {"１３９１２３４５６７８转", "***********转"},
		"MobileTwo":       {"13912345678 13812345678", "*********** ***********"},
		"MobileBehind":    {"共 3 13912345678", "共 3 ***********"},
		"MobileYear":      {"139 1234 5678 2024年", "************* 2024年"},
		"Country":         {"+86 13912345678", "***************"},
		"CountryHyphen":   {"86-13912345678", "**************"},
		"CountryTogether": {"电话8613912345678", "电话*************"},
		"CountryZeros":    {"0086 139 1234 5678", "******************"},
		"CountryParens":   {"(+86)13912345678", "(***************"},
		"CountryLand":     {"+86-510-82731234", "****************"},
		"LandLine":        {"0510-55501234", "*************"},
		"LandLineShort":   {"010 5550123", "***********"},
		"LandLineParens":  {"(0510)82731234", "**************"},
		"LandLineWide":    {"（０５１０）８２７３１２３４", "**************"},
		"LandLineSpaced":  {"（0510） 8273 1234", "****************"},
		"LandLineWhole":   {"致电051082731234。", "致电************。"},
		"LandLineTurn":    {"0510-82731234转8001", "******************"},
		"LandLineExt":     {"0510-82731234 ext. 801，", "**********************，"},
		"LandLineHyphen":  {"0510-82731234-801", "*****************"},
		"LandLineTwo":     {"0510-82731234/82731235", "**********************"},
		"ServiceNumber":   {"400-555-0199", "************"},
		"ServiceWhole":    {"4005550199", "**********"},
		"PhoneNoArea":     {"电话：82731234", "电话：********"},
		"PhoneNoAreaEn":   {"Tel: 8273 1234", "Tel: *********"},
		"Mail":            {"发至 a.b-c@example.com 即可", "发至 ***************** 即可"},
		"MailChinese":     {"邮箱：info@example.cn，", "邮箱：***************，"},
		"MailWide":        {"info＠example．cn", "***************"},
		"WeChat":          {"微信：wuxi_cj-01 备注来意", "微信：********** 备注来意"},
		"WeChatNumber":    {"微信号wuxi_cj01", "微信号*********"},
		"WeChatSpace":     {"微信 wuxi_cj 备注来意", "微信 ******* 备注来意"},
		"WeChatEn":        {"WeChat: wuxicj", "WeChat: ******"},
		"QQ":              {"QQ 123456789", "QQ *********"},
		"QQGroup":         {"ＱＱ群：123456", "ＱＱ群：******"},
		"Person":          {"联系人：赵六", "联系人：**"},
		"PersonBare":      {"联系人赵六，电话见附件", "联系人**，电话见附件"},
		"PersonTitle":     {"联系人赵六先生接洽", "联系人**先生接洽"},
		"PersonPhone":     {"联系人：赵六电话13912345678", "联系人：**电话***********"},
		"PersonTwo":       {"联系人：赵六、钱七八", "联系人：**、***"},
		"PersonRare":      {"联系人: 蔺欢欢 ", "联系人: *** "},
		"PersonLatin":     {"联系人：Zhao Liu, 2026", "联系人：********, 2026"},
		"PersonOfPhone":   {"联系电话：赵六 13912345678", "联系电话：** ***********"},

		"WordPerson":     {"联系人管理系统与联系人方式", "联系人管理系统与联系人方式"},
		"WordPhone":      {"电话：见附件，联系方式：见公告", "电话：见附件，联系方式：见公告"},
		"WordWeChat":     {"基于微信 openapi 的小程序", "基于微信 openapi 的小程序"},
		"HotLine":        {"市民热线12345", "市民热线12345"},
		"CreditCode":     {"91350100M000100Y43", "91350100M000100Y43"},
		"Year":           {"2013 年建成，1,860 个泊位", "2013 年建成，1,860 个泊位"},
		"Range":          {"精度 0.02-0.05 mm", "精度 0.02-0.05 mm"},
		"Sizes":          {"150-200-300 50 mm，0.85 1200 3500", "150-200-300 50 mm，0.85 1200 3500"},
		"Dates":          {"2026-11-22 至 2027-01-04", "2026-11-22 至 2027-01-04"},
		"LongNumber":     {"序列号 1391234567812", "序列号 1391234567812"},
		"ElevenNoMobile": {"12012345678", "12012345678"},
		"Handle":         {"@所有人 3@2", "@所有人 3@2"},
		"Standard":       {"GB/T 4754-2017、GB 32100-2015", "GB/T 4754-2017、GB 32100-2015"},
		"Empty":          {"", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Redact(tt.in); got != tt.want {
				t.Errorf("%q: got %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

// FuzzRedact: offsets stay valid, and what was redacted needs no second pass.
func FuzzRedact(f *testing.F) {
	for _, s := range []string{
		"", "电话13912345678", "a@b.cn", "0510-55501234转1", "1 3 9", "@@@..@", "\xff13912345678\xfe", "13912345678 90@a.b",
		"联系人：赵六、钱七 QQ 1234567", "（０５１０）82731234/82731235", "+86 139 1234 5678", "微信：abcdef：13912345678",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Redact(s)
		if utf8.RuneCountInString(got) != utf8.RuneCountInString(s) {
			t.Errorf("%q became %q", s, got)
		}
		if again := Redact(got); again != got {
			t.Errorf("%q, then %q", got, again)
		}
	})
}
