package frame

import (
	"jinghe/internal/locale"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// State is a state of an entry with its label.
func State(p *ui.Page, s scene.State) ui.State {
	return ui.State{Code: string(s), Label: p.T("web.state." + string(s))}
}

// EntryRow shows an entry as a line of a table; its address is that below base.
func EntryRow(p *ui.Page, e *registry.Entry, base string) ui.Row {
	l := e.Listing()
	return ui.Row{
		Name: l.Name, URL: EntryURL(base, e.Kind(), l.ID), Kind: p.T("web.kind." + string(e.Kind()) + ".one"),
		Org: l.OrgName, State: State(p, l.State), Date: ui.Minute(l.Updated),
	}
}

// EntryURL is the address of an entry below base.
func EntryURL(base string, kind scene.Kind, id scene.ID) string {
	return base + "/" + string(kind) + "/" + string(id)
}

// PublicURL is the address of an entry for visitors.
func PublicURL(kind scene.Kind, id scene.ID) string {
	if kind == scene.KindOpportunity {
		return "/opportunities/" + string(id)
	}
	return "/capabilities/" + string(id)
}

// Steps shows what happened to an entry, newest first.
func Steps(p *ui.Page, steps []scene.Review, who func(*scene.Review) string) []ui.StepRow {
	var rows []ui.StepRow
	for i := len(steps) - 1; i >= 0; i-- {
		s := &steps[i]
		rows = append(rows, ui.StepRow{When: ui.Minute(s.At), Who: who(s), To: State(p, s.To), Reason: s.Reason})
	}
	return rows
}

// RoleNames lists roles for reading.
func RoleNames(p *ui.Page, roles []scene.Role) string {
	text := ""
	for i, r := range roles {
		if i > 0 {
			text += p.T("web.comma")
		}
		text += p.T("web.role." + string(r))
	}
	return text
}

// AccountState is the state of an account with its label.
func AccountState(lang locale.Lang, s scene.AccountState) ui.State {
	return ui.State{Code: string(s), Label: locale.Text(lang, "account.state."+string(s), nil)}
}
