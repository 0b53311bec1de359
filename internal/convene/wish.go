package convene

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Guest is the holder of a personal link: a delegate of a party at a fair.
type Guest struct {
	Fair     scene.Fair
	Party    scene.FairParty
	Delegate scene.Delegate
}

// actor is the guest as the record names him.
func (g *Guest) actor(from string) scene.Actor {
	return scene.Actor{ID: g.Delegate.ID, Name: g.Delegate.Name + " · " + g.Party.Name, OrgID: g.Party.OrgID, From: from}
}

// Guest returns who holds the code of a personal link, or NotFound: the code
// never was, or was revoked, or the fair is cancelled.
func (s *Service) Guest(ctx context.Context, code string) (g Guest, err error) {
	err = s.read(ctx, "convene.Guest", func(tx store.Tx) (err error) {
		g, err = guest(ctx, tx, code)
		return err
	})
	return g, err
}

func guest(ctx context.Context, tx store.Tx, code string) (g Guest, err error) {
	unknown, code := &scene.Error{Code: scene.NotFound, Key: "fair.code_unknown"}, scene.CodeKey(code)
	if g.Party, err = tx.Fairs().PartyByCode(ctx, code); scene.CodeOf(err) == scene.NotFound {
		return g, unknown
	}
	if err != nil {
		return g, err
	}
	if g.Fair, err = tx.Fairs().Get(ctx, g.Party.FairID); err != nil {
		return g, err
	}
	i := slices.IndexFunc(g.Party.Delegates, func(d scene.Delegate) bool { return d.Code == code })
	if i < 0 || g.Fair.State == scene.FairCancelled {
		return g, unknown
	}
	g.Delegate = g.Party.Delegates[i]
	return g, nil
}

// Links are the personal links of somebody who has an account: those by which he goes to
// fairs for his own organisation as a delegate who is the same person as [Double] has it, and
// the only such one. A fair that is on or to come is before one that is over; the nearest in
// time is first.
func (s *Service) Links(ctx context.Context, a *scene.Account) (list []Guest, err error) {
	if a.OrgID == "" {
		return nil, nil
	}
	err = s.read(ctx, "convene.Links", func(tx store.Tx) error {
		list = nil
		rows, err := tx.Fairs().PartiesOf(ctx, a.OrgID)
		if err != nil {
			return err
		}
		for i := range rows {
			at := delegateOf(&rows[i], a)
			if at < 0 || rows[i].State != scene.PartyAccepted {
				continue
			}
			f, err := tx.Fairs().Get(ctx, rows[i].FairID)
			if err != nil {
				return err
			}
			if public(&f) {
				list = append(list, Guest{Fair: f, Party: rows[i], Delegate: rows[i].Delegates[at]})
			}
		}
		return nil
	})
	now := s.now()
	slices.SortFunc(list, func(x, y Guest) int {
		left, other := x.Fair.End().Sub(now), y.Fair.End().Sub(now)
		if left < 0 != (other < 0) {
			return -cmp.Compare(left, other)
		}
		return cmp.Or(cmp.Compare(left.Abs(), other.Abs()), cmp.Compare(x.Fair.ID, y.Fair.ID))
	})
	return list, err
}

// delegateOf is which delegate of a party of his organisation somebody with an account is,
// −1 for none, and where two may be he.
func delegateOf(p *scene.FairParty, a *scene.Account) int {
	self := scene.Delegate{Name: a.Name}
	if a.MailProven {
		self.Mail = a.Mail
	}
	found := -1
	for i := range p.Delegates {
		switch d := &p.Delegates[i]; {
		case d.Unnamed || d.Code == "" || !(person{p, &self}).is(person{p, d}):
		case found >= 0:
			return -1
		default:
			found = i
		}
	}
	return found
}

// Wish is what one party says about another in one step. Kind "" takes back
// what was said.
type Wish struct {
	To   scene.ID
	Name string // where To is "": the other's name, or a piece that only its name has
	Kind scene.FairWishKind
	Note string
}

// Wish changes what a party of the actor's says about others.
func (s *Service) Wish(ctx context.Context, by scene.Actor, party scene.ID, wishes []Wish) (scene.FairParty, error) {
	return s.party(ctx, by, party, "fair.wish", s.wishing(ctx, wishes))
}

// WishAsGuest is Wish for the party of a personal link.
func (s *Service) WishAsGuest(ctx context.Context, code, from string, wishes []Wish) (scene.FairParty, error) {
	g, err := s.Guest(ctx, code)
	if err != nil {
		return scene.FairParty{}, err
	}
	return s.changeParty(ctx, g.actor(from), byCode(ctx, code), "fair.wish", s.wishing(ctx, wishes))
}

func byCode(ctx context.Context, code string) func(store.Tx) (scene.FairParty, error) {
	return func(tx store.Tx) (scene.FairParty, error) {
		g, err := guest(ctx, tx, code)
		return g.Party, err
	}
}

// wishing checks wishes and puts them into a party.
func (s *Service) wishing(ctx context.Context, wishes []Wish) func(store.Tx, *scene.Fair, *scene.FairParty) error {
	return func(tx store.Tx, f *scene.Fair, p *scene.FairParty) error {
		if len(wishes) > scene.MaxFairWishes {
			return &scene.Error{Code: scene.TooLarge, Key: "fair.wishes_at_once", Args: map[string]any{"count": len(wishes), "most": scene.MaxFairWishes}}
		}
		all, err := tx.Fairs().Parties(ctx, f.ID)
		if err != nil {
			return err
		}
		for _, w := range wishes {
			if w.To == "" {
				if w.To, err = partyNamed(all, p, w.Name); err != nil {
					return err
				}
			}
			p.Wishes = slices.DeleteFunc(p.Wishes, func(x scene.FairWish) bool { return x.To == w.To })
			if w.Kind == "" {
				continue
			}
			if fault := wishable(all, p, w.To); fault != nil {
				return &scene.Error{Code: scene.Invalid, Key: "fair.party_invalid", Fields: []scene.FieldError{*fault}}
			}
			p.Wishes = append(p.Wishes, scene.FairWish{To: w.To, Kind: w.Kind, Note: w.Note, At: s.now().UTC()})
		}
		if err := withinCaps(f, p); err != nil {
			return err
		}
		return p.Validate()
	}
}

// wishable says why a party cannot want to meet another, nil where it can.
func wishable(all []scene.FairParty, own *scene.FairParty, to scene.ID) *scene.FieldError {
	if to == own.ID {
		return &scene.FieldError{Field: "wishes", Key: "fair.wish_self"}
	}
	name := string(to)
	for i := range all {
		if all[i].ID != to {
			continue
		}
		if all[i].State == scene.PartyAccepted {
			return nil
		}
		name = all[i].Name
	}
	return &scene.FieldError{Field: "wishes", Key: "fair.wish_unknown", Args: map[string]any{"name": name}}
}

// partyNamed finds the other party that takes part under a name, or the only one
// whose name has that piece.
func partyNamed(all []scene.FairParty, own *scene.FairParty, name string) (scene.ID, error) {
	key := scene.NameKey(name)
	var found []*scene.FairParty
	for i := range all {
		x := &all[i]
		if x.State != scene.PartyAccepted || x.ID == own.ID || key == "" {
			continue
		}
		switch held := scene.NameKey(x.Name); {
		case held == key:
			return x.ID, nil
		case strings.Contains(held, key):
			found = append(found, x)
		}
	}
	if len(found) == 1 {
		return found[0].ID, nil
	}
	fault := scene.FieldError{Field: "wishes", Key: "fair.wish_name.none", Args: map[string]any{"name": name}}
	if len(found) > 1 {
		names := make([]string, 0, 5)
		for _, x := range found[:min(len(found), 5)] {
			names = append(names, x.Name)
		}
		fault.Key, fault.Args["count"], fault.Args["names"] = "fair.wish_name.many", len(found), names
	}
	return "", &scene.Error{Code: scene.Invalid, Key: "fair.party_invalid", Fields: []scene.FieldError{fault}}
}

// withinCaps holds a party to what the fair allows.
func withinCaps(f *scene.Fair, p *scene.FairParty) error {
	open, musts := 0, 0
	for _, w := range p.Wishes {
		if w.Kind != scene.WishNever {
			open++
		}
		if w.Kind == scene.WishMust {
			musts++
		}
	}
	var fields []scene.FieldError
	if open > f.MaxOpen {
		fields = append(fields, scene.FieldError{Field: "wishes", Key: "fair.wishes_cap", Args: map[string]any{"count": open, "most": f.MaxOpen}})
	}
	if musts > f.MaxMusts {
		fields = append(fields, scene.FieldError{Field: "wishes", Key: "fair.musts_cap", Args: map[string]any{"count": musts, "most": f.MaxMusts}})
	}
	if len(fields) > 0 {
		return &scene.Error{Code: scene.Invalid, Key: "fair.too_many", Fields: fields}
	}
	return nil
}

// Contradictions tells what in a party's own words cannot be, or not all: a wish
// whose other side takes no part, more musts than it takes meetings, a must with
// nobody there at the same time. They are no errors: people are asked. What the
// other side said is not among them, see [Board.LeftOut].
func Contradictions(f *scene.Fair, p *scene.FairParty, all map[scene.ID]*scene.FairParty) []scene.FieldError {
	var out []scene.FieldError
	add := func(key string, args map[string]any) {
		out = append(out, scene.FieldError{Field: "wishes", Key: key, Args: args})
	}
	musts := 0
	for _, w := range p.Wishes {
		other := all[w.To]
		if other == nil {
			continue
		}
		switch {
		case other.State != scene.PartyAccepted && w.Kind != scene.WishNever:
			add("fair.wish_gone", map[string]any{"name": other.Name})
		case w.Kind == scene.WishMust:
			musts++
			if !meetable(f, p, other) {
				add("fair.never_together", map[string]any{"name": other.Name})
			}
		}
	}
	if most := mostOf(f, p); most != nil && musts > *most {
		add("fair.musts_over_max", map[string]any{"count": musts, "most": *most})
	}
	if least := leastOf(f, p); least > len(f.Slots)-len(p.Away) {
		add("fair.min_over_time", map[string]any{"min": least, "slots": max(0, len(f.Slots)-len(p.Away))})
	}
	return out
}

// meetable reports whether there is a slot in which somebody of both is there.
func meetable(f *scene.Fair, a, b *scene.FairParty) bool {
	return slices.ContainsFunc(f.Slots, func(x scene.FairSlot) bool { return present(a, x.ID) && present(b, x.ID) })
}

func present(p *scene.FairParty, slot string) bool {
	if slices.Contains(p.Away, slot) {
		return false
	}
	return slices.ContainsFunc(p.Delegates, func(d scene.Delegate) bool { return !slices.Contains(d.Away, slot) })
}

// leastOf and mostOf are the bounds of a party's meetings; nil is no bound.
func leastOf(f *scene.Fair, p *scene.FairParty) int {
	least := f.Min
	if p.Min != nil {
		least = *p.Min
	}
	if most := mostOf(f, p); most != nil {
		least = min(least, *most)
	}
	return least
}

func mostOf(f *scene.Fair, p *scene.FairParty) *int {
	if p.Max != nil {
		return p.Max
	}
	if f.Max > 0 {
		return new(f.Max)
	}
	return nil
}
