package portal

import (
	"slices"
	"strings"

	"jinghe/internal/match"
	"jinghe/internal/web/ui"
)

const (
	// clearEnough is the clarity from which a page gives no advice: a reader
	// who is not the owner has no use for the last details.
	clearEnough = 0.8
	tipsShown   = 4
)

// clarity is what a page says of how a listing is written: what helps most,
// kindly. Everything is in the API.
func (v *visit) clarity(c *match.Clarity) *ui.Clarity {
	if c == nil || c.Score >= clearEnough || len(c.Advice) == 0 {
		return nil
	}
	view := &ui.Clarity{Score: percent(c.Score), Vague: c.Vague}
	var names []string
	for _, a := range c.Advice[:min(len(c.Advice), tipsShown)] {
		view.Tips = append(view.Tips, ui.Tip{Advice: a.Advice, Example: a.Example})
		key, _, _ := strings.Cut(a.Key, ".")
		if name := v.t("web.clarity.name." + key); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	view.Missing = strings.Join(names, v.t("web.clarity.separator"))
	return view
}
