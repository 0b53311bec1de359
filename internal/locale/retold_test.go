package locale_test

import (
	"testing"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// TestRetold: what an event wrote into a case is told in English, what a person wrote is
// left alone, and nothing is turned into Chinese.
func TestRetold(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"准备试点（智慧城市对接会（第一场））":          "prepare a pilot (智慧城市对接会（第一场）)",
		"在“智慧城市对接会”上会面后约定：商定签约。":      "",
		"在“对接会”上会面后，一方提出：继续沟通，待对方确认。": "",
		"准备试点":                          "准备试点",
		"下周三到现场看水表":                     "下周三到现场看水表",
		"prepare a pilot (Smart water)": "prepare a pilot (Smart water)",
	} {
		got := locale.Retold(locale.En, text)
		if want != "" && got != want || want == "" && got == text {
			t.Errorf("%q is told as %q", text, got)
		}
		if zh := locale.Retold(locale.Zh, text); zh != text {
			t.Errorf("in Chinese %q is %q", text, zh)
		}
	}
	n := scene.Notice{Key: "notice.test", Args: map[string]any{"action": "准备试点（对接会）"}}
	if got := locale.Notice(locale.En, &n); got != "notice.test" {
		t.Errorf("an unknown message: %q", got)
	}
}
