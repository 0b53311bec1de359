package pairs

import (
	"strconv"

	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// forms are what the reader may do now, what is usually meant first.
func (b *builder) forms() []ui.PairForm {
	var list []ui.PairForm
	open := b.k.Stage == scene.StageSuggested || b.k.Stage == scene.StageRecommended
	stance := b.k.Stance(b.k.Party)
	if open && stance != nil && b.may(scene.EngagementAnswer) {
		if stance.Says != scene.Accepted {
			list = append(list, b.accept())
		}
		list = append(list, b.ending("decline", b.p.T("web.pairs.decline")))
	}
	if b.may(scene.EngagementMove) && (b.k.Stage.Docked() || b.k.Stage == scene.StageLanded) {
		list = append(list, b.moving())
	}
	if b.may(scene.EngagementSpeak) {
		list = append(list, b.saying())
	}
	if b.mayInvite() {
		list = append(list, b.inviting())
	}
	if b.may(scene.EngagementMove) && b.k.Stage.CanBecome(scene.StageStopped) && (!open || stance == nil) {
		list = append(list, b.ending("stop", b.p.T("web.pairs.stop")))
	}
	return list
}

// form is one form of the page: its fields are told apart from those of the others.
func (b *builder) form(action string, label string, danger bool, fields ...ui.Field) ui.Form {
	for i := range fields {
		fields[i].Form = action
	}
	return ui.Form{
		Action: b.url(b.k.ID) + "/" + action, Groups: append([]ui.Group{{Fields: fields}}, b.hidden()...),
		Buttons: []ui.Button{{Label: label, Danger: danger}},
	}
}

func (b *builder) text(label string, must bool) ui.Field {
	return ui.Field{Name: "text", Label: b.p.T(label), Type: "text-area", Max: scene.MaxEngagementText, Required: must}
}

// nextFields ask for the next action.
func (b *builder) nextFields(text string, party scene.Party, required bool) []ui.Field {
	who := ui.Field{Name: "next_party", Label: b.p.T("web.pairs.who"), Type: "choice", Short: true}
	for _, p := range []scene.Party{scene.PartyOwner, scene.PartyProvider, scene.PartyCentre} {
		who.Options = append(who.Options, ui.Option{Value: string(p), Label: b.p.T("engagement.party." + string(p)), Chosen: p == party})
	}
	return []ui.Field{
		{Name: "next", Label: b.p.T("web.pairs.next"), Value: text, Max: scene.MaxNextAction, Required: required},
		who,
		{Name: "due", Label: b.p.T("web.pairs.due"), Type: "date", Value: b.soon(), Short: true, Required: required},
	}
}

func (b *builder) accept() ui.PairForm {
	fields := []ui.Field{b.text("web.pairs.message", false)}
	if other := b.k.Stance(b.k.Party.Other()); other.Says == scene.Accepted {
		fields = append(fields, b.nextFields(b.p.T("web.pairs.next.first"), b.k.Party, true)...)
	}
	return ui.PairForm{Title: b.p.T("web.pairs.accept"), Open: true, Form: b.form("accept", b.p.T("web.pairs.accept.go"), false, fields...)}
}

// ReasonField asks why a pair is not wanted, in a form of that name.
func ReasonField(p *ui.Page, form string) ui.Field {
	f := ui.Field{
		Name: "reason", Form: form, Label: p.T("web.pairs.reason"), Type: "choice", Required: true, Short: true,
		Options: []ui.Option{{Label: p.T("web.pairs.reason.choose")}},
	}
	for _, r := range scene.StopReasons() {
		f.Options = append(f.Options, ui.Option{Value: string(r), Label: p.T("engagement.reason." + string(r))})
	}
	return f
}

// ending asks for the reason of an end.
func (b *builder) ending(action, title string) ui.PairForm {
	reason := ReasonField(b.p, "")
	return ui.PairForm{Title: title, Form: b.form(action, title, true, reason, b.text("web.pairs.reason.text", false))}
}

func (b *builder) moving() ui.PairForm {
	to := ui.Field{Name: "to", Label: b.p.T("web.pairs.to"), Type: "choice", Short: true}
	if b.k.Stage.Docked() {
		to.Options = append(to.Options, ui.Option{Label: b.p.T("web.pairs.to.same")})
	}
	contract := false
	for _, s := range b.k.Stage.Next() {
		if s != scene.StageStopped {
			to.Options = append(to.Options, ui.Option{Value: string(s), Label: b.p.T("engagement.stage." + string(s))})
			contract = contract || s == scene.StageContract
		}
	}
	fields := []ui.Field{to}
	if contract {
		fields = append(fields, ui.Field{Name: "amount", Label: b.p.T("web.pairs.amount.wan"), Hint: b.p.T("web.pairs.amount.hint"), Mode: "decimal", Short: true, Max: 20})
	}
	if b.k.Stage.Docked() {
		fields = append(fields, b.nextFields("", b.k.Next.Party, false)...)
	}
	fields = append(fields, b.text("web.pairs.outcome", false))
	return ui.PairForm{Title: b.p.T("web.pairs.move"), Form: b.form("move", b.p.T("web.pairs.move.go"), false, fields...)}
}

func (b *builder) saying() ui.PairForm {
	kind := ui.Field{Name: "kind", Label: b.p.T("web.pairs.kind"), Type: "choice", Short: true}
	answers := b.k.Asked != "" && b.k.Asked != b.k.Party
	for _, o := range []string{"question", "answer", "note", "own"} {
		if o == "question" && b.k.Stage.Ended() {
			continue
		}
		kind.Options = append(kind.Options, ui.Option{Value: o, Label: b.p.T("web.pairs.kind." + o), Chosen: answers && o == "answer"})
	}
	f := b.form("say", b.p.T("web.pairs.say.go"), false, kind, b.text("web.pairs.say.text", true))
	f.Groups = append(f.Groups, ui.Group{Fields: []ui.Field{{Name: "seen", Type: "hidden", Value: strconv.Itoa(len(b.k.Entries))}}})
	return ui.PairForm{Title: b.p.T("web.pairs.say"), Open: answers, Form: f}
}
