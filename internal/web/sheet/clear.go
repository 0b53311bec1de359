package sheet

import (
	"strconv"

	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

const tipsShown = 6

// Clear shows how well an entry is written and what to write. Live links lead to
// fields of the same page.
func (s *Sheet) Clear(p *ui.Page, kind scene.Kind, got *match.Clarity, live bool) *ui.Clear {
	v := &ui.Clear{
		Live: live, Score: percent(got.Score), Told: percent(got.Completeness), Plain: percent(got.Plainness), Vague: got.Vague,
	}
	for _, a := range got.Advice[:min(len(got.Advice), tipsShown)] {
		tip := ui.ClearTip{Text: a.Advice, Example: a.Example}
		tip.Field, tip.Label = s.Place(p, kind, a.Field)
		v.Tips = append(v.Tips, tip)
	}
	return v
}

// Beside shows an entry that says nearly the same as another, with what differs;
// url is its address.
func Beside(p *ui.Page, s *match.Similar, url string) ui.Beside {
	b := ui.Beside{Name: s.Listing.Name, URL: url, Org: s.Listing.Org, Similarity: strconv.Itoa(percent(s.Similarity)) + " %"}
	for _, d := range s.Differences {
		b.Differences = append(b.Differences, p.T("web.upload.differs", "what", p.T("survey.key."+d.Key), "first", orDash(d.First), "second", orDash(d.Second)))
	}
	return b
}

func orDash(text string) string {
	if text == "" {
		return "—"
	}
	return text
}

func percent(f float64) int { return int(f*100 + 0.5) }
