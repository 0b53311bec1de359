package console

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"jinghe/internal/agenda"
	"jinghe/internal/convene"
	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/fair"
	"jinghe/internal/web/ui"
)

// shownReasons is how many meetings left out are told of on the page.
const shownReasons = 200

// conflicts are the conditions that cannot be kept: in one part those that cannot whatever
// becomes of the others, then the sets that contradict each other.
func (x *planning) conflicts() (list []ui.FairSection) {
	v := x.shown()
	alone, joint := v.Plan.Alone()
	if len(alone) > 0 {
		s := ui.FairSection{ID: "conflict", Title: x.p.T("fair.conflict.alone", "count", len(alone)), Text: x.p.T("fair.conflict.alone.text")}
		for i := range alone {
			s.Lines = append(s.Lines, x.conditions(v.Problem, &alone[i])[0]+x.waiting(alone[i].Conditions[0].Party))
		}
		list = append(list, s)
	}
	for i := range joint {
		s := ui.FairSection{ID: "conflict", Title: x.p.T("fair.conflict"), Text: x.p.T("fair.conflict.text"), Lines: x.conditions(v.Problem, &joint[i])}
		if len(joint) > 1 {
			s.Title = x.p.T("fair.conflict.of", "number", i+1, "count", len(joint))
		}
		if i > 0 {
			s.Text = x.p.T("fair.conflict.more")
		}
		if len(list) > 0 {
			s.ID = "conflict-" + strconv.Itoa(len(list)+1)
		}
		list = append(list, s)
	}
	return list
}

// conditions are those of a contradiction, a line each.
func (x *planning) conditions(problem *agenda.Problem, c *agenda.Contradiction) (lines []string) {
	for _, f := range x.names.Contradiction(problem, c) {
		lines = append(lines, locale.Text(x.p.Lang, f.Key, f.Args))
	}
	return lines
}

// waiting tells how many wishes from or for a party wait for a yes, with which it would
// have more meetings to plan, or that there are no wishes at all; "" for neither.
func (x *planning) waiting(party string) string {
	n, id := 0, scene.ID(party)
	for _, u := range x.board.Unconfirmed() {
		if u.From == id || u.To == id {
			n++
		}
	}
	silent := x.board.Parties[id] != nil
	for _, p := range x.board.Parties {
		_, wanted := p.Wish(id)
		silent = silent && !wanted && (p.ID != id || len(p.Wishes) == 0)
	}
	switch {
	case n > 0:
		return x.p.T("fair.conflict.waiting", "count", n)
	case silent:
		return x.p.T("fair.conflict.silent")
	}
	return ""
}

// stale tells by what a draft does not fit any more: it cannot be published.
func (x *planning) stale() []ui.FairSection {
	if len(x.behind) == 0 {
		return nil
	}
	text := "fair.stale.text"
	if x.published != nil {
		text = "fair.stale.mend"
	}
	return []ui.FairSection{{ID: "stale", Title: x.p.T("fair.stale", "count", len(x.behind)), Text: x.p.T(text), Lines: x.behind[:min(len(x.behind), 20)]}}
}

// tooLate lists the meetings of a draft that nobody could be told of in time.
func (x *planning) tooLate() []ui.FairSection {
	if len(x.begun) == 0 {
		return nil
	}
	var lines []string
	for i := range x.begun {
		lines = append(lines, x.names.Meeting(x.begun[i].ID)+" · "+x.place(&x.begun[i]))
	}
	return []ui.FairSection{{ID: "begun", Title: x.p.T("fair.begun", "count", len(lines)), Text: x.p.T("fair.begun.text"), Lines: lines}}
}

// twoPlaces tells who would be in two places by the draft, or by what is published.
func (x *planning) twoPlaces() []ui.FairSection {
	if len(x.twice) == 0 || x.f.Ended() {
		return nil
	}
	return []ui.FairSection{{ID: "two-places", Title: x.p.T("fair.twice.clash", "count", len(x.twice)), Text: x.p.T("fair.twice.clash.text"), Lines: x.twice}}
}

// elsewhere tells which people of the parties of a meeting are taken by another event, or
// by another party of this one.
func (x *planning) elsewhere(u *agenda.Unplanned) string {
	alone := u.Detail != nil && slices.ContainsFunc(u.Detail.Resources, convene.BothSides)
	if u.Reason == agenda.ReasonNever || u.Reason == agenda.ReasonPartyFull || alone {
		return ""
	}
	var list []string
	a, b, _ := strings.Cut(u.ID, "~")
	for i := range x.doubles {
		d := &x.doubles[i]
		if party := string(d.Party); party != a && party != b || d.Fair != x.f.ID && len(d.Meetings) == 0 || d.Fair == x.f.ID && u.Reason == agenda.ReasonAbsent {
			continue
		}
		if d.Fair == x.f.ID {
			list = append(list, x.p.T("fair.twice.reason.here", "name", d.Name, "other", d.OtherName))
		} else {
			list = append(list, x.p.T("fair.twice.reason", "name", d.Name, "title", d.Title, "times", fair.Times(x.p, d.Meetings)))
		}
	}
	return strings.Join(list, "\n")
}

// leftOut tells for each wish that is not planned why.
func (x *planning) leftOut() []ui.FairSection {
	p, v := x.p, x.shown()
	if len(v.Plan.Unplanned) == 0 {
		return nil
	}
	t := ui.Table{Head: []string{p.T("fair.meeting"), p.T("fair.reason")}}
	for i := range v.Plan.Unplanned {
		u := &v.Plan.Unplanned[i]
		if i == shownReasons {
			break
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: x.names.Meeting(u.ID)}, {Text: x.reason(u), Note: strings.Trim(x.loss(u)+"\n"+x.elsewhere(u), "\n")}})
	}
	return []ui.FairSection{{Title: p.T("fair.left_out", "count", len(v.Plan.Unplanned)), Text: p.T("fair.left_out.text"), Table: &t, Folded: true}}
}

// reason tells why a meeting is left out.
func (x *planning) reason(u *agenda.Unplanned) string {
	var parties, slots []string
	key := "fair.reason." + string(u.Reason)
	if u.Reason == agenda.ReasonNever && x.wanted(u.ID) == scene.WishMust {
		key = "fair.reason.must_never"
	}
	if d := u.Detail; d != nil {
		for _, id := range d.Parties {
			parties = append(parties, x.names.Party(id))
		}
		for _, id := range d.Slots {
			slots = append(slots, x.names.Slot(id))
		}
		if d.Tables {
			key = "fair.reason.resource_tables"
		}
		for _, id := range d.Resources {
			name, there := x.names.Delegate(id)
			if !there {
				continue
			}
			parties = append(parties, name)
			switch {
			case convene.BothSides(id):
				key = "fair.reason.both_sides"
			case convene.IsPerson(id):
				key = "fair.reason.person_full"
			default:
				key = "fair.reason.delegate_full"
			}
		}
	}
	list := func(names []string) string {
		more := ""
		if len(names) > 5 {
			names, more = names[:5], " …"
		}
		return strings.Join(names, x.p.T("web.comma")) + more
	}
	return x.p.T(key, "parties", list(parties), "slots", list(slots))
}

// wanted is the strongest word of the sides of a meeting for it, "" where none asked.
func (x *planning) wanted(meeting string) (kind scene.FairWishKind) {
	a, b, _ := strings.Cut(meeting, "~")
	for _, side := range [][2]string{{a, b}, {b, a}} {
		p := x.board.Parties[scene.ID(side[0])]
		if p == nil {
			continue
		}
		if w, said := p.Wish(scene.ID(side[1])); said && w.Kind != scene.WishNever && kind != scene.WishMust {
			kind = w.Kind
		}
	}
	return kind
}

// loss tells what forcing the meeting would cost, or that nothing can give way to it.
func (x *planning) loss(u *agenda.Unplanned) string {
	switch {
	case u.Detail == nil:
		return ""
	case u.Detail.Blocked:
		return x.p.T("fair.loss.blocked")
	case u.Detail.Loss == nil || len(u.Detail.Meetings) == 0:
		return ""
	}
	var others []string
	for _, id := range u.Detail.Meetings {
		others = append(others, x.names.Meeting(id))
	}
	loss, key := *u.Detail.Loss, "fair.loss"
	switch {
	case loss < 0 && u.Detail.Goal == agenda.Minimums:
		key = "fair.loss.minimums"
	case loss < 0 && u.Detail.Goal != "":
		key = "fair.loss.goal"
	case loss < 0:
		key = "fair.loss.better"
	}
	return x.p.T(key, "loss", strconv.FormatFloat(math.Abs(loss), 'f', 2, 64), "meetings", strings.Join(others[:min(3, len(others))], x.p.T("web.comma")))
}

// unconfirmed lists the wishes that wait for the yes of the other side: no plan
// can have them until then.
func (x *planning) unconfirmed() []ui.FairSection {
	list := x.board.Unconfirmed()
	if len(list) == 0 || x.f.Ended() {
		return nil
	}
	p := x.p
	t := ui.Table{Head: []string{p.T("fair.unconfirmed.to"), p.T("fair.unconfirmed.from"), p.T("fair.wish")}}
	for i := range list[:min(len(list), shownReasons)] {
		u := &list[i]
		state := fair.WishState(p, u.Kind)
		t.Rows = append(t.Rows, []ui.Cell{
			{Text: x.board.Name(u.To), URL: strings.TrimSuffix(x.base, "plan") + "parties/" + string(u.To)}, {Text: x.board.Name(u.From), Note: u.Note}, {State: &state},
		})
	}
	return []ui.FairSection{{Title: p.T("fair.unconfirmed", "count", len(list)), Text: p.T("fair.unconfirmed.text"), Table: &t, Folded: x.shown() != nil}}
}
