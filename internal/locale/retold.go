package locale

import (
	"strings"

	"jinghe/internal/scene"
)

// Retold is a text that an event wrote into a case, in the language of who reads: what two
// parties agreed or one proposed when they met, and the step that follows from it. Rows hold it in Chinese,
// since whoever opens them may read either language; what a person wrote is returned as it
// is.
func Retold(lang Lang, text string) string {
	if lang == Zh {
		return text
	}
	for _, next := range scene.FairNexts() {
		word := "fair.case.next." + string(next)
		for _, key := range []string{"fair.case.action", "fair.case.text", "fair.case.text.alone"} {
			const gap = "\x00"
			before, after, _ := strings.Cut(Text(Zh, key, map[string]any{"title": gap, "next": Text(Zh, word, nil)}), gap)
			title, begins := strings.CutPrefix(text, before)
			if title, ends := strings.CutSuffix(title, after); begins && ends {
				return Text(lang, key, map[string]any{"title": title, "next": Text(lang, word, nil)})
			}
		}
	}
	return text
}
