package convene

import (
	"slices"
	"strings"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/scene"
)

// causes are what happened since the version in force was published, as the log and the
// tables of a repaired problem have it, whichever draft was made for which of it: who was
// noted absent and is, in the order of the log, or came after all; and which tables cannot
// be used any more, or can again. There are none before anything is published.
func (b *base) causes(p *agenda.Problem, now time.Time) (list []scene.FairCause) {
	if b.latest == nil {
		return nil
	}
	since, day := b.latest.row.Made, dayOf(&b.fair, selvesOf(b.parties), b.entries)
	add := func(c scene.FairCause) {
		same := func(x scene.FairCause) bool {
			return x.Kind == c.Kind && x.Party == c.Party && x.Delegate == c.Delegate && x.Table == c.Table && slices.Equal(x.Slots, c.Slots)
		}
		if !slices.ContainsFunc(list, same) {
			list = append(list, c)
		}
	}
	for i := range b.entries {
		party := b.entries[i].Party // for another kind of entry there is no absence of its id
		for k := range day.absent[party] {
			a := &day.absent[party][k]
			if a.entry != b.entries[i].ID {
				continue
			}
			switch c := (scene.FairCause{Kind: scene.CauseAbsent, Party: party, Delegate: a.delegate, Slots: a.slots}); {
			case !a.over() && a.at.After(since):
				add(c)
			case a.ended.After(since) && !a.at.After(since):
				c.Kind, c.Slots = scene.CauseBack, nil
				add(c)
			}
		}
	}
	before, after := closures(b.latest.problem.Tables, &b.fair, now), closures(p.Tables, &b.fair, now)
	ahead := len(b.fair.Slots) - len(b.begun(now))
	for _, table := range tableIDs(&b.fair) {
		for _, c := range []scene.FairCause{
			{Kind: scene.CauseClosed, Table: table, Slots: without(after[table], before[table])},
			{Kind: scene.CauseOpened, Table: table, Slots: without(before[table], after[table])},
		} {
			if len(c.Slots) == 0 {
				continue
			}
			if len(c.Slots) == ahead {
				c.Slots = nil
			}
			add(c)
		}
	}
	return list
}

// without are those of a list that are not in another one.
func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(id string) bool { return slices.Contains(other, id) })
}

// about names whom and what causes are about, each once.
func (b *base) about(causes []scene.FairCause) string {
	n := NewNames(&b.fair, b.parties)
	var names []string
	for i := range causes {
		if name := n.Cause(&causes[i]); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// Cause names what a cause is about: a table, a party, or a delegate with his party.
func (n *Names) Cause(c *scene.FairCause) string {
	if c.Table != "" {
		return c.Table
	}
	name := n.Party(string(c.Party))
	if who, there := n.Delegate(string(c.Delegate)); there && who != name {
		name += " · " + who
	}
	return name
}
