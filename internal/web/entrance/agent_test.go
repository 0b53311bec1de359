package entrance

import (
	"testing"

	"jinghe/internal/locale"
	"jinghe/internal/web/ui"
)

func TestAgent(t *testing.T) {
	t.Parallel()
	p := &ui.Page{Lang: locale.En}
	for header, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36":                                 "Chrome · Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0":                       "Edge · Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15":                           "Safari · macOS",
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                                          "Firefox · Linux",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50(0x1800323d)": "微信 · iPhone",
		"Mozilla/5.0 (Linux; Android 14; x) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36":                                 "Chrome · Android",
		"curl/8.5.0": "A program (curl)", "": "Not told", "Mozilla/5.0 (Windows NT 6.1)": "Windows",
	} {
		if got := agent(p, header); got != want {
			t.Errorf("%q: %q, want %q", header, got, want)
		}
	}
}
