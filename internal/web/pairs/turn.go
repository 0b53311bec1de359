package pairs

import (
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// turn says whose turn it is, as the reader of that party sees it, and whether it is
// his own; "" where nothing is owed.
func turn(p *ui.Page, e *scene.Engagement, reader scene.Party) (text string, own bool) {
	who := turnOf(e)
	switch {
	case who == "":
		return "", false
	case reader != scene.PartyOwner && reader != scene.PartyProvider:
		return p.T("web.pairs.turn.of", "who", p.T("engagement.party."+string(who))), reader == scene.PartyCentre && who == scene.PartyCentre
	case who == reader, who == bothParties:
		own = true
	}
	what := "answer"
	if e.Stage.Docked() && e.Asked == "" {
		what = "next"
	}
	switch {
	case own:
		return p.T("web.pairs.turn.own." + what), true
	case who == scene.PartyCentre:
		return p.T("web.pairs.turn.centre." + what), false
	}
	return p.T("web.pairs.turn.other." + what), false
}

// bothParties is the turn of two sides that neither have answered.
const bothParties scene.Party = "both"

// turnOf is the party that has to do something, "" for none.
func turnOf(e *scene.Engagement) scene.Party {
	owner, provider := e.Owner.Says == scene.Accepted, e.Provider.Says == scene.Accepted
	switch {
	case e.Stage.Ended():
		return ""
	case e.Asked == scene.PartyOwner, e.Asked == scene.PartyProvider:
		return e.Asked.Other()
	case e.Asked != "":
		return bothParties
	case e.Stage.Docked():
		return e.Next.Party
	case owner == provider:
		return bothParties
	case owner:
		return scene.PartyProvider
	}
	return scene.PartyOwner
}
