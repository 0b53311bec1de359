package portal

import (
	"net/url"

	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/pairs"
	"jinghe/internal/web/ui"
)

// begin is the link by which a reader begins to work on a match of l, the zero
// Link where he cannot: the centre recommends any pair, an organisation
// expresses interest where one of the two listings is its own.
func (v *visit) begin(kind scene.Kind, l *scene.Listing, match scene.ID, texts sides) ui.Link {
	a := edge.From(v.c.Request().Context()).Actor
	need, offer := l.ID, match
	if kind == scene.KindCapability {
		need, offer = match, l.ID
	}
	q := url.Values{"need": {string(need)}, "offer": {string(offer)}}
	switch {
	case v.engage == nil:
	case a.MayEver(scene.EngagementRecommend):
		return ui.Link{Text: v.t("web.pairs.recommend"), URL: pairs.Console + "/new?" + q.Encode()}
	case a.MayEver(scene.EngagementExpress):
		for _, org := range []scene.ID{l.OrgID, texts.orgs[match]} {
			if org != "" && org == a.OrgID {
				return ui.Link{Text: v.t("web.pairs.express"), URL: pairs.Workspace + "/new?" + q.Encode()}
			}
		}
	}
	return ui.Link{}
}

// form adds to a group, if there is one, the link by which a reader brings it
// together for a need: the centre, and whose need it is.
func (v *visit) form(view *ui.Consortium, need *scene.Listing, c *match.Consortium) {
	a := edge.From(v.c.Request().Context()).Actor
	if view == nil || v.engage == nil || need.OrgID == "" || a.May(scene.EngagementForm, scene.Object{OrgID: need.OrgID}) != nil {
		return
	}
	base := pairs.Console
	if a.OrgID == need.OrgID {
		base = pairs.Workspace
	}
	view.Form = ui.Link{Text: v.t("web.pairs.group.new"), URL: pairs.GroupURL(base, need.ID, c)}
}

// interest is the link on the page of a listing: for who is interested with a
// listing of his own, a visitor too, who signs in on the way. Who works on pairs
// for the centre goes to the matching board.
func (v *visit) interest(kind scene.Kind, l *scene.Listing) ui.Link {
	a := edge.From(v.c.Request().Context()).Actor
	if a.MayEver(scene.PairMark) {
		return ui.Link{Text: v.t("web.board.open"), URL: frame.EntryURL("/console/board", kind, l.ID)}
	}
	if v.engage == nil || !l.Open(v.at) || l.OrgID == "" || a.Known() && (!a.MayEver(scene.EngagementExpress) || a.OrgID == l.OrgID) {
		return ui.Link{}
	}
	name := "need"
	if kind == scene.KindCapability {
		name = "offer"
	}
	return ui.Link{Text: v.t("web.pairs.express"), URL: pairs.Workspace + "/new?" + name + "=" + url.QueryEscape(string(l.ID))}
}
