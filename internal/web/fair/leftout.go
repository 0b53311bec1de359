package fair

import (
	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// leftOut names the wishes of a party that came to no meeting, one a line. The words are
// the same whatever the reason is.
func leftOut(p *ui.Page, board *convene.Board, party scene.ID) (list []string) {
	for _, x := range board.LeftOut(party) {
		key := "fair.unmet." + string(x.Kind)
		if x.Later {
			key = "fair.unmet.later"
		}
		list = append(list, p.T(key, "name", board.Name(x.To)))
	}
	return list
}
