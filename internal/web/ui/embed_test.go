package ui

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// TestAccentReadable: whatever colour a portal asks for, words in it can be read
// on the ground of either look, and one that can be read already stays.
func TestAccentReadable(t *testing.T) {
	t.Parallel()
	colours := regexp.MustCompile(`--link:#([0-9a-f]{6})`)
	for i := 0; i < 1<<24; i += 65_521 * 3 {
		accent := Accent(fmt.Sprintf("#%06X", i))
		found := colours.FindAllStringSubmatch(AccentStyle(accent), -1)
		if len(found) != 3 {
			t.Fatalf("%06x: %d looks", i, len(found))
		}
		for n, ground := range []string{lightGround, darkGround, darkGround} {
			if c := contrast(channels(found[n][1]), channels(ground)); c < readable {
				t.Errorf("%s became %s: %.2f on %s", accent, found[n][1], c, ground)
			}
		}
	}
	if got := moved("0b625d", lightGround, 0); got != "0b625d" {
		t.Errorf("the pine of the house became %s", got)
	}
}

func TestAccent(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"#D97706": "d97706", "0b625d": "0b625d", "": "", "red": "", "#12345": "", "12345g": "", "+12345": "", "#0b625d;x": "", "0x1234": "",
	} {
		if got := Accent(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// TestGrounds: the grounds that colours are held to are those of the style.
func TestGrounds(t *testing.T) {
	t.Parallel()
	raw, err := assetFiles.ReadFile("assets/app.css")
	if err != nil {
		t.Fatal(err)
	}
	if light, dark := tokens(t, string(raw), false)["sunk"], tokens(t, string(raw), true)["sunk"]; light != "#"+lightGround || dark != "#"+darkGround {
		t.Errorf("grounds %s and %s", light, dark)
	}
}

func TestWidgetTag(t *testing.T) {
	t.Parallel()
	v := Widget{Site: "https://a.example.cn"}
	if got := v.tag("data-show", "matches"); got != `<script async src="https://a.example.cn/embed.js" data-show="matches"></script>` || strings.Count(got, "script") != 2 {
		t.Error(got)
	}
}
