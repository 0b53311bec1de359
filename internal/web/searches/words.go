package searches

import (
	"net/url"
	"strconv"
	"strings"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// shownText is how much of a description a line shows, in characters.
const shownText = 40

func itoa(n int) string { return strconv.Itoa(n) }

func paceKey(p scene.Pace) string {
	if p == scene.PaceNever {
		return "never"
	}
	return string(p)
}

func labels(dict *scene.Dictionaries, p *ui.Page, name string, codes []string) []string {
	out := make([]string, len(codes))
	for i, code := range codes {
		out[i] = dict.Label(name, code, string(p.Lang))
	}
	return out
}

// asks says in words what a search asks for.
func (s *Searches) asks(p *ui.Page, q *scene.SavedSearch) string {
	dict, comma := s.dict(), p.T("list.separator")
	var parts []string
	if q.Words != "" {
		parts = append(parts, p.T("web.searches.asks.words", "words", q.Words))
	}
	if q.Text != "" {
		text := strings.Join(strings.Fields(q.Text), " ")
		if short := clip(text, shownText); short != text {
			text = short + "…"
		}
		parts = append(parts, p.T("web.searches.asks.text", "text", text))
	}
	for _, list := range []struct {
		dict  string
		codes []string
	}{{scene.DictField, q.Fields}, {scene.DictRegion, q.Regions}, {scene.DictMode, q.Modes}, {scene.DictQualification, q.Qualifications}} {
		if len(list.codes) > 0 {
			parts = append(parts, strings.Join(labels(dict, p, list.dict, list.codes), comma))
		}
	}
	if q.Money.Known() {
		parts = append(parts, p.T("web.searches.asks.money."+string(q.Wants), "money", ui.MoneyRange(p.Lang, q.Money)))
	}
	for _, stage := range stages()[1:] {
		if q.Wants == scene.KindCapability && q.Maturity.Min == stage.least {
			parts = append(parts, p.T("web.searches.asks.stage", "stage", p.T("web.stage."+stage.name)))
		}
	}
	return strings.Join(parts, p.T("web.searches.asks.and"))
}

// name calls a search that has no name yet by its words and labels.
func (s *Searches) name(lang locale.Lang, q *scene.SavedSearch) string {
	dict := s.dict()
	parts := []string{}
	if q.Words != "" {
		parts = append(parts, q.Words)
	}
	for _, code := range q.Fields {
		parts = append(parts, dict.Label(scene.DictField, code, string(lang)))
	}
	for _, code := range q.Regions {
		parts = append(parts, dict.Label(scene.DictRegion, code, string(lang)))
	}
	return clip(strings.Join(parts, " · "), maxName)
}

// listOf is the address of the list that shows what answers a search now, as far
// as the list has such filters.
func listOf(q *scene.SavedSearch) string {
	values := url.Values{}
	if q.Words != "" {
		values.Set("q", q.Words)
	}
	for name, codes := range map[string][]string{
		backend.FacetField: q.Fields, backend.FacetRegion: q.Regions, backend.FacetMode: q.Modes,
	} {
		if len(codes) > 0 {
			values[name] = codes
		}
	}
	path := strings.TrimSuffix(frame.PublicURL(q.Wants, ""), "/")
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}
