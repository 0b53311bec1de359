package entrance

import (
	"strings"

	"jinghe/internal/web/ui"
)

// agent says in words a person knows which browser and system a User-Agent
// header tells of, such as “Chrome · Windows”. What is not known is called a
// program, by the name that it gives itself.
func agent(p *ui.Page, header string) string {
	// Most browsers also name those that they descend from, so the order counts.
	browser := firstOf(header, [][2]string{
		{"MicroMessenger/", "微信"},
		{"wxwork/", "企业微信"},
		{"DingTalk/", "钉钉"},
		{"Lark/", "飞书"},
		{"Edg/", "Edge"},
		{"EdgA/", "Edge"},
		{"EdgiOS/", "Edge"},
		{"OPR/", "Opera"},
		{"QQBrowser/", "QQ 浏览器"},
		{"MetaSr", "搜狗浏览器"},
		{"360SE", "360 浏览器"},
		{"UCBrowser/", "UC 浏览器"},
		{"HuaweiBrowser/", "华为浏览器"},
		{"Firefox/", "Firefox"},
		{"FxiOS/", "Firefox"},
		{"CriOS/", "Chrome"},
		{"Chrome/", "Chrome"},
		{"Safari/", "Safari"},
	})
	system := firstOf(header, [][2]string{
		{"HarmonyOS", "HarmonyOS"}, {"OpenHarmony", "HarmonyOS"}, {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Macintosh", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"},
	})
	switch {
	case header == "":
		return p.T("web.account.agent.none")
	case browser == "" && system == "":
		name, _, _ := strings.Cut(header, "/")
		return p.T("web.account.agent.program", "name", ui.Short(name, 30))
	case browser == "":
		return system
	case system == "":
		return browser
	}
	return browser + " · " + system
}

// firstOf returns the name of the first mark that the text has.
func firstOf(text string, marks [][2]string) string {
	for _, m := range marks {
		if strings.Contains(text, m[0]) {
			return m[1]
		}
	}
	return ""
}
