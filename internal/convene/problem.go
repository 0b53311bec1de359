package convene

import (
	"cmp"
	"slices"
	"strings"

	"jinghe/internal/agenda"
	"jinghe/internal/scene"
)

// What a wish is worth to the plan: its weight, and the score of the pair with it.
const (
	wantWeight      = 1.0
	mustWeight      = 2.0
	suggestedWeight = 0.3 // times the score; far below any wish
	suggestedEach   = 5   // meetings suggested for a party
	leastFilled     = 0.35
	interpreters    = "interpreter"
)

// posed is a problem with what it was made of.
type posed struct {
	problem     *agenda.Problem
	why         map[string]scene.FairWhy // by meeting
	goes        scene.FairGoes           // chosen, as send left them
	unconfirmed []Unconfirmed
}

// pose makes a problem of rows. locks are meetings that stay where they are, kept
// those of a published plan, which stay in the problem whatever became of their wishes.
func pose(f *scene.Fair, parties []scene.FairParty, pairs map[pair]scene.FairWhy, locks map[string]scene.FairPlace, kept []agenda.Seat) *posed {
	b := &poser{fair: f, at: map[scene.ID]*scene.FairParty{}, pairs: pairs, locks: locks, meeting: map[string]int{}}
	b.out = &posed{problem: &agenda.Problem{Name: f.Title, Parties: []agenda.Party{}, Meetings: []agenda.Meeting{}}, why: map[string]scene.FairWhy{}}
	b.places()
	inPlan := map[scene.ID]bool{}
	for i := range kept {
		for _, id := range kept[i].Parties {
			inPlan[scene.ID(id)] = true
		}
	}
	for i := range parties {
		if p := &parties[i]; p.State == scene.PartyAccepted || inPlan[p.ID] {
			b.party(p)
		}
	}
	b.same = sameOf(parties)
	b.wishes(parties)
	for i := range kept {
		b.keep(&kept[i])
	}
	for _, id := range sorted(locks) {
		b.lock(id)
	}
	if f.Mode == scene.FairOrganiser {
		b.fill()
	}
	return b.out
}

type poser struct {
	fair    *scene.Fair
	at      map[scene.ID]*scene.FairParty
	pairs   map[pair]scene.FairWhy
	locks   map[string]scene.FairPlace
	meeting map[string]int // id → place in the problem
	same    map[scene.ID][]string
	out     *posed
}

func (b *poser) places() {
	p := b.out.problem
	p.Slots, p.Tables = make([]agenda.Slot, 0, len(b.fair.Slots)), []agenda.Table{}
	for i := range b.fair.Slots {
		x := b.fair.Slots[i]
		p.Slots = append(p.Slots, agenda.Slot{ID: x.ID, Block: x.Block, Start: &x.Start, End: &x.End})
	}
	for _, id := range tableIDs(b.fair) {
		p.Tables = append(p.Tables, agenda.Table{ID: id})
	}
	if b.fair.Interpreters > 0 {
		p.Resources = []agenda.Resource{{ID: interpreters, Capacity: b.fair.Interpreters}}
	}
}

func (b *poser) party(p *scene.FairParty) {
	b.at[p.ID] = p
	x := agenda.Party{
		ID: string(p.ID), Unavailable: b.known(p.Away), Min: leastOf(b.fair, p), Max: mostOf(b.fair, p),
		Newcomer: p.Newcomer, Calendar: agenda.Split,
	}
	if p.Share {
		x.Calendar = agenda.Share
	}
	for i := range p.Delegates {
		x.Delegates = append(x.Delegates, agenda.Delegate{ID: string(p.Delegates[i].ID), Unavailable: b.known(p.Delegates[i].Away)})
	}
	b.out.problem.Parties = append(b.out.problem.Parties, x)
}

// known leaves out slots that the fair has no more, and doubles.
func (b *poser) known(slots []string) []string {
	var out []string
	for _, id := range slots {
		if _, there := b.fair.Slot(id); there && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// wishes makes a meeting of every pair that may be planned.
func (b *poser) wishes(parties []scene.FairParty) {
	for i := range parties {
		from := &parties[i]
		if from.State != scene.PartyAccepted {
			continue
		}
		for _, w := range from.Wishes {
			to := b.at[w.To]
			if to == nil || w.Kind == scene.WishNever || to.State != scene.PartyAccepted {
				continue
			}
			back, said := to.Wish(from.ID)
			if !said && !consents(b.fair, to) {
				b.out.unconfirmed = append(b.out.unconfirmed, Unconfirmed{From: from.ID, To: to.ID, Kind: w.Kind})
				continue
			}
			b.wish(from, to, w)
			if said && back.Kind == scene.WishNever {
				b.out.problem.Wishes = append(b.out.problem.Wishes, agenda.Wish{From: string(to.ID), To: string(from.ID), Kind: agenda.Never})
			}
		}
	}
}

func (b *poser) wish(from, to *scene.FairParty, w scene.FairWish) {
	key := pairOf(from.ID, to.ID)
	b.add(key)
	x := agenda.Wish{From: string(from.ID), To: string(to.ID), Kind: agenda.Want, Value: wantWeight + b.pairs[key].Score}
	if w.Kind == scene.WishMust {
		x.Kind, x.Value = agenda.Must, mustWeight+b.pairs[key].Score
	}
	b.out.problem.Wishes = append(b.out.problem.Wishes, x)
}

// add makes the meeting of a pair, if it is not there.
func (b *poser) add(key pair) *agenda.Meeting {
	id := key.meetingID()
	p := b.out.problem
	i, there := b.meeting[id]
	if !there {
		i = len(p.Meetings)
		b.meeting[id] = i
		m := agenda.Meeting{ID: id, Parties: []string{string(key.a), string(key.b)}}
		if b.fair.Interpreters > 0 && !shareLanguage(b.at[key.a], b.at[key.b]) {
			m.Resources = []string{interpreters}
		}
		for _, side := range m.Parties {
			m.Resources = append(m.Resources, b.person(side, m.Resources)...)
		}
		m.Resources = append(m.Resources, b.bothSides(key)...)
		p.Meetings = append(p.Meetings, m)
		if why, known := b.pairs[key]; known {
			b.out.why[id] = why
		}
	}
	return &p.Meetings[i]
}

// person are the people without whom a party does not meet and who come for another one
// too, as resources of the problem, without those that a meeting has already.
func (b *poser) person(party string, had []string) (list []string) {
	for _, id := range b.same[scene.ID(party)] {
		b.resource(id, 1)
		if !slices.Contains(had, id) { // his two parties meet each other: one place is enough
			list = append(list, id)
		}
	}
	return list
}

// bothSides are the people without whom neither side of a meeting meets, as resources
// that there are none of: nobody meets himself.
func (b *poser) bothSides(key pair) (list []string) {
	for _, id := range b.same[key.a] {
		if slices.Contains(b.same[key.b], id) {
			list = append(list, b.resource(bothPrefix+strings.TrimPrefix(id, samePrefix), 0))
		}
	}
	return list
}

// resource makes a resource of the problem, if it is not there, and returns its id.
func (b *poser) resource(id string, capacity int) string {
	p := b.out.problem
	if !slices.ContainsFunc(p.Resources, func(r agenda.Resource) bool { return r.ID == id }) {
		p.Resources = append(p.Resources, agenda.Resource{ID: id, Capacity: capacity})
	}
	return id
}

func shareLanguage(a, b *scene.FairParty) bool {
	return slices.ContainsFunc(Speaks(a), func(l string) bool { return slices.Contains(Speaks(b), l) })
}

// keep has a published meeting stay in the problem, worth at least a want.
func (b *poser) keep(seat *agenda.Seat) {
	if len(seat.Parties) != 2 {
		return
	}
	key := pairOf(scene.ID(seat.Parties[0]), scene.ID(seat.Parties[1]))
	if b.at[key.a] == nil || b.at[key.b] == nil {
		return
	}
	if _, there := b.meeting[key.meetingID()]; !there {
		b.add(key).Value = wantWeight
	}
}

// lock fixes a meeting to its place; one that nobody wished for is made.
func (b *poser) lock(id string) {
	i, there := b.meeting[id]
	if !there {
		key, ok := b.pairNamed(id)
		if !ok {
			return
		}
		b.add(key).Value = wantWeight
		i = b.meeting[id]
	}
	place := b.locks[id]
	b.out.problem.Meetings[i].Locked = &agenda.Place{Slot: place.Slot, Table: place.Table}
}

// pairNamed finds the parties of a meeting by its id.
func (b *poser) pairNamed(id string) (pair, bool) {
	first, second, ok := strings.Cut(id, "~")
	key := pairOf(scene.ID(first), scene.ID(second))
	return key, ok && b.at[key.a] != nil && b.at[key.b] != nil && key.a != key.b
}

// fill adds good matches that nobody spoke about, so that the silent and the new
// are not left without. Who met at an earlier fair meets again only where a side
// asks for it.
func (b *poser) fill() {
	type scored struct {
		key   pair
		score float64
	}
	var list []scored
	for key, why := range b.pairs {
		if why.Score >= leastFilled && why.Met == "" && b.at[key.a] != nil && b.at[key.b] != nil {
			list = append(list, scored{key, why.Score})
		}
	}
	slices.SortFunc(list, func(x, y scored) int {
		return cmp.Or(-cmp.Compare(x.score, y.score), cmp.Compare(x.key.a, y.key.a), cmp.Compare(x.key.b, y.key.b))
	})
	count := map[scene.ID]int{}
	for _, x := range list {
		if count[x.key.a] >= suggestedEach && count[x.key.b] >= suggestedEach {
			continue
		}
		if _, there := b.meeting[x.key.meetingID()]; there || b.refused(x.key) {
			continue
		}
		count[x.key.a]++
		count[x.key.b]++
		b.add(x.key).Value = suggestedWeight * x.score
	}
}

// refused reports whether a side said never.
func (b *poser) refused(key pair) bool {
	x, said := b.at[key.a].Wish(key.b)
	y, spoke := b.at[key.b].Wish(key.a)
	return said && x.Kind == scene.WishNever || spoke && y.Kind == scene.WishNever
}

func sorted[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
