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
	day := dayOf(&b.fair, selvesOf(b.parties), b.entries)
	for i := range b.entries {
		party := b.entries[i].Party
		for k := range day.absent[party] {
			a := &day.absent[party][k]
			c, told := a.cause(b.latest.row.Made)
			c.Party = party
			if told && a.entry == b.entries[i].ID && !slices.ContainsFunc(list, c.Same) {
				list = append(list, c)
			}
		}
	}
	return append(list, b.tableCauses(p, now)...)
}

// cause is what a no-show is for a plan that was published at a time: nothing where the
// plan was made with it, or it was noted and was none since.
func (a *absence) cause(published time.Time) (c scene.FairCause, told bool) {
	if a.over() {
		return scene.FairCause{Kind: scene.CauseBack, Delegate: a.delegate}, a.ended.After(published) && !a.at.After(published)
	}
	return scene.FairCause{Kind: scene.CauseAbsent, Delegate: a.delegate, Slots: a.slots}, a.at.After(published)
}

// tableCauses are the tables that a problem closes or opens in slots to come, against the
// version in force.
func (b *base) tableCauses(p *agenda.Problem, now time.Time) (list []scene.FairCause) {
	before, after := closures(b.latest.problem.Tables, &b.fair, now), closures(p.Tables, &b.fair, now)
	ahead := len(b.fair.Slots) - len(b.begun(now))
	add := func(kind scene.FairCauseKind, table string, slots []string) {
		switch len(slots) {
		case 0:
			return
		case ahead:
			slots = nil
		}
		list = append(list, scene.FairCause{Kind: kind, Table: table, Slots: slots})
	}
	for _, table := range tableIDs(&b.fair) {
		add(scene.CauseClosed, table, without(after[table], before[table]))
		add(scene.CauseOpened, table, without(before[table], after[table]))
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
