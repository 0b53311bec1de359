package agenda

import (
	"slices"

	"jinghe/internal/scene"
)

// Alone tells contradictions of one condition each, which nothing could be dropped for,
// from those of several.
func (p *Plan) Alone() (alone, joint []Contradiction) {
	for _, c := range p.Contradictions() {
		if len(c.Conditions) == 1 {
			alone = append(alone, c)
		} else {
			joint = append(joint, c)
		}
	}
	return alone, joint
}

// Explain says each condition of a contradiction as a message, and where it would not be
// seen from the conditions, why they contradict each other: when a party is there, how
// many meetings there are for it. The arguments are ids, in lists "slots" and "with".
func (p *Problem) Explain(c *Contradiction) []scene.FieldError {
	list := make([]scene.FieldError, len(c.Conditions))
	for i, r := range c.Conditions {
		f := scene.FieldError{Key: "agenda.rule_" + string(r.Kind), Args: map[string]any{
			"meeting": r.Meeting, "party": r.Party, "slot": r.Slot, "resource": r.Resource, "count": r.Count,
		}}
		switch alone := len(c.Conditions) == 1; {
		case r.Kind == RuleUnavailable:
			p.explainAbsence(&f, r.Party)
		case r.Kind == RuleOneAtATime:
			f.Args["count"] = len(p.Slots)
		case r.Kind == RuleMinimum && alone:
			possible, with := p.hopes(r.Party)
			f.Args["possible"], f.Args["with"] = possible, with
			if f.Key += "_few"; possible == 0 {
				f.Key = "agenda.rule_min_none"
			}
		case r.Kind == RuleMust && alone:
			f.Key += "_never"
		}
		list[i] = f
	}
	return list
}

// explainAbsence says in which slots a party is absent or, where these are most, in which
// it is there.
func (p *Problem) explainAbsence(f *scene.FieldError, party string) {
	at := slices.IndexFunc(p.Parties, func(x Party) bool { return x.ID == party })
	if at < 0 {
		return
	}
	x := &p.Parties[at]
	var away, there []string
	for i := range p.Slots {
		id := p.Slots[i].ID
		gone := func(d Delegate) bool { return slices.Contains(d.Unavailable, id) }
		if slices.Contains(x.Unavailable, id) || len(x.Delegates) > 0 && !slices.ContainsFunc(x.Delegates, func(d Delegate) bool { return !gone(d) }) {
			away = append(away, id)
		} else {
			there = append(there, id)
		}
	}
	switch {
	case len(there) == 0:
		f.Key = "agenda.rule_absent"
	case len(there) < len(away):
		f.Key, f.Args["slots"] = "agenda.rule_there", there
	default:
		f.Args["slots"] = away
	}
}

// hopes is how many meetings there are for a party, without those that a side refuses,
// and with whom, each once.
func (p *Problem) hopes(party string) (possible int, with []string) {
	for _, u := range unite(p) {
		if len(u.never) > 0 || !slices.Contains(u.source.Parties, party) {
			continue
		}
		possible++
		for _, id := range u.source.Parties {
			if id != party && !slices.Contains(with, id) {
				with = append(with, id)
			}
		}
	}
	return possible, with
}
