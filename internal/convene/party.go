package convene

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// PartyForm is what can be said of a party at its sign-up and later.
type PartyForm struct {
	Name      string // where it is no organisation here
	Share     bool
	Hosted    bool // for the organisers to say
	Newcomer  bool
	Min, Max  *int // for the organisers to say
	Languages []string
	Away      []string
	Delegates []scene.Delegate // without an ID, whoever is known again by name or mail, or a new one; Code is ignored
	Listings  []scene.FairListing
	Note      string
	// Revision is that of the copy which was changed; 0 does not ask.
	Revision int
}

// Parties returns the parties of a fair, those that take part first, by how their names are spelled.
func (s *Service) Parties(ctx context.Context, by scene.Actor, fair scene.ID) (list []scene.FairParty, err error) {
	if err := by.May(scene.FairRead, scene.Object{}); err != nil {
		return nil, err
	}
	err = s.read(ctx, "convene.Parties", func(tx store.Tx) (err error) {
		if _, err = tx.Fairs().Get(ctx, fair); err == nil {
			list, err = tx.Fairs().Parties(ctx, fair)
		}
		return err
	})
	s.sortParties(list)
	return list, err
}

func (s *Service) sortParties(list []scene.FairParty) {
	spelled := make(map[scene.ID]string, len(list))
	for i := range list {
		spelled[list[i].ID], _ = s.spell(list[i].Name)
	}
	order := map[scene.FairPartyState]int{scene.PartyApplied: 0, scene.PartyAccepted: 1, scene.PartyWaiting: 2, scene.PartyInvited: 3, scene.PartyRefused: 4, scene.PartyWithdrawn: 5}
	slices.SortStableFunc(list, func(a, b scene.FairParty) int {
		return cmp.Or(cmp.Compare(order[a.State], order[b.State]), cmp.Compare(spelled[a.ID], spelled[b.ID]), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
}

// Party returns a party of the actor's organisation, or any for the centre.
func (s *Service) Party(ctx context.Context, by scene.Actor, id scene.ID) (p scene.FairParty, err error) {
	err = s.read(ctx, "convene.Party", func(tx store.Tx) (err error) {
		p, err = tx.Fairs().Party(ctx, id)
		return err
	})
	if err == nil && by.May(scene.FairRead, scene.Object{}) != nil {
		err = by.May(scene.FairJoin, scene.Object{OrgID: p.OrgID})
	}
	if err != nil {
		return scene.FairParty{}, err
	}
	return p, nil
}

// Own returns the parties of the actor's organisation, by fair.
func (s *Service) Own(ctx context.Context, by scene.Actor) (list map[scene.ID]scene.FairParty, err error) {
	list = map[scene.ID]scene.FairParty{}
	err = s.read(ctx, "convene.Own", func(tx store.Tx) error {
		rows, err := tx.Fairs().PartiesOf(ctx, by.OrgID)
		for i := range rows {
			list[rows[i].FairID] = rows[i]
		}
		return err
	})
	return list, err
}

// Join signs a party up. The account of an organisation signs that organisation
// up while the fair is open; the centre adds any, by an organisation or by name
// alone. Where the fair is full the party waits, where it asks for approval it
// applies. One that was invited says so that it comes. An organisation that is in already
// is a Conflict.
func (s *Service) Join(ctx context.Context, by scene.Actor, fair, org scene.ID, form PartyForm) (p scene.FairParty, err error) {
	staff := by.May(scene.FairManage, scene.Object{}) == nil
	if !staff {
		org = by.OrgID
	}
	if err := by.May(scene.FairJoin, scene.Object{OrgID: org}); err != nil {
		return p, err
	}
	id, err := s.ids.New()
	if err != nil {
		return p, scene.Wrap("convene.Join", err)
	}
	now := s.now().UTC()
	p = scene.FairParty{ID: id, FairID: fair, OrgID: org, Created: now, Updated: now}
	if err := s.fill(&p, form, staff); err != nil {
		return p, err
	}
	var made scene.FairParty
	err = s.store.Update(ctx, func(tx store.Tx) error {
		f, err := tx.Fairs().Get(ctx, fair)
		if err != nil {
			return err
		}
		if err := joinable(&f, staff); err != nil {
			return err
		}
		next, before, err := s.entering(ctx, tx, &f, p, form, staff)
		if err != nil {
			return err
		}
		if err := s.complete(ctx, tx, &f, &next); err != nil {
			return err
		}
		if made, err = tx.Fairs().PutParty(ctx, next); err != nil {
			return err
		}
		if made.State == scene.PartyApplied {
			if err := s.tellApplied(ctx, tx, by, &f, &made); err != nil {
				return err
			}
		}
		return s.wrote(ctx, tx, by, "fair.join", "fair_party", made.ID, fair, "", before, withoutCodes(&made))
	})
	s.forget(fair)
	return made, scene.Wrap("convene.Join", err)
}

// fill puts what a form says into a party.
func (s *Service) fill(p *scene.FairParty, form PartyForm, staff bool) error {
	if p.OrgID == "" {
		p.Name = strings.TrimSpace(form.Name)
	}
	p.Share, p.Languages, p.Away, p.Listings, p.Note = form.Share, form.Languages, form.Away, form.Listings, form.Note
	if staff {
		p.Hosted, p.Newcomer, p.Min, p.Max = form.Hosted, form.Newcomer, form.Min, form.Max
	}
	return s.fillDelegates(p, form.Delegates)
}

// fillDelegates puts those of a form into a party. The first one that is new takes
// the place, and the link, of who stood for the party until it said who comes; where
// nobody is named, that one goes on standing for it.
func (s *Service) fillDelegates(p *scene.FairParty, typed []scene.Delegate) error {
	var delegates []scene.Delegate
	taken := func(id scene.ID) bool {
		return slices.ContainsFunc(delegates, func(x scene.Delegate) bool { return x.ID == id })
	}
	stands := slices.IndexFunc(p.Delegates, func(d scene.Delegate) bool { return d.Unnamed })
	for _, d := range s.recognise(p.Delegates, typed) {
		if strings.TrimSpace(d.Name+d.Post+d.Mail) == "" {
			continue
		}
		held, there := p.Delegate(d.ID)
		if !there && stands >= 0 && !taken(p.Delegates[stands].ID) {
			held, there = p.Delegates[stands], true
			d.Away = held.Away
		}
		if !there || taken(held.ID) {
			held = scene.Delegate{} // also a second one under the id of another
			id, err := s.ids.New()
			if err != nil {
				return scene.Wrap("convene.fill", err)
			}
			if held.Code, err = s.code(); err != nil {
				return err
			}
			held.ID = id
		}
		if s.another(&held, &d) {
			held.Consents = nil
		}
		held.Name, held.Post, held.Mail, held.Away, held.Unnamed = strings.TrimSpace(d.Name), strings.TrimSpace(d.Post), strings.TrimSpace(d.Mail), d.Away, false
		delegates = append(delegates, held)
	}
	if len(delegates) == 0 && stands >= 0 {
		delegates = []scene.Delegate{p.Delegates[stands]}
	}
	p.Delegates = delegates
	return nil
}

// await gives a party somebody who stands for it until it says who comes.
func (s *Service) await(p *scene.FairParty) error {
	if err := s.fillDelegates(p, []scene.Delegate{{Name: p.Name}}); err != nil {
		return err
	}
	p.Delegates[0].Unnamed = true
	return nil
}

// complete checks a party against the fair and the lists.
func (s *Service) complete(ctx context.Context, tx store.Tx, f *scene.Fair, p *scene.FairParty) error {
	if err := p.Validate(); err != nil {
		return err
	}
	var fields []scene.FieldError
	unknown := func(list []string) {
		for _, id := range list {
			if _, ok := f.Slot(id); !ok {
				fields = append(fields, scene.FieldError{Field: "away", Key: "fair.unknown_slot", Args: map[string]any{"id": id}})
			}
		}
	}
	unknown(p.Away)
	for i := range p.Delegates {
		unknown(p.Delegates[i].Away)
	}
	for _, l := range p.Listings {
		of, open, err := s.listing(ctx, tx, l)
		if err != nil && scene.CodeOf(err) != scene.NotFound {
			return err
		}
		if err != nil || of != p.OrgID || p.OrgID == "" || !open {
			fields = append(fields, scene.FieldError{Field: "listings", Key: "fair.foreign_listing", Args: map[string]any{"id": string(l.ID)}})
		}
	}
	if len(fields) > 0 {
		return &scene.Error{Code: scene.Invalid, Key: "fair.party_invalid", Fields: fields}
	}
	return nil
}

// listing tells whose an entry is and whether it is open: what others at the
// fair are told of it is public then.
func (s *Service) listing(ctx context.Context, tx store.Tx, l scene.FairListing) (scene.ID, bool, error) {
	if l.Kind == scene.KindOpportunity {
		o, err := tx.Opportunities().Get(ctx, l.ID)
		return o.OrgID, o.Open(s.now()), err
	}
	c, err := tx.Capabilities().Get(ctx, l.ID)
	return c.OrgID, c.Open(s.now()), err
}

// Amend changes what a party said of itself; with another form.Revision than the
// present one it is a Conflict. Slots in which it has published
// meetings can still be named: the next plan minds them.
func (s *Service) Amend(ctx context.Context, by scene.Actor, id scene.ID, form PartyForm) (scene.FairParty, error) {
	return s.party(ctx, by, id, "fair.amend", func(tx store.Tx, f *scene.Fair, p *scene.FairParty) error {
		if form.Revision != 0 && form.Revision != p.Revision {
			return &scene.Error{Code: scene.Conflict, Key: "fair.party_changed"}
		}
		staff := by.May(scene.FairManage, scene.Object{}) == nil
		if err := s.fill(p, form, staff); err != nil {
			return err
		}
		if err := sided(ctx, tx, p); err != nil {
			return err
		}
		return s.complete(ctx, tx, f, p)
	})
}

// Decide brings a party into a state. One who is let in while the fair is full, or what
// is left is kept for the other side until despite says [KeptSeen], waits; for one that
// waits already, while no place is left at all, that is a Precondition error that says
// how many are in ([Service.LetIn] goes beyond). Decided twice alike is decided once. A
// place that is given back goes to who waits longest. One that was refused stays so until
// the centre lets it in: its own side cannot withdraw, and so sign up anew, which is a
// Precondition error.
func (s *Service) Decide(ctx context.Context, by scene.Actor, id scene.ID, to scene.FairPartyState, despite ...Despite) (scene.FairParty, error) {
	if to != scene.PartyWithdrawn {
		if err := by.May(scene.FairManage, scene.Object{}); err != nil {
			return scene.FairParty{}, err
		}
	}
	return s.party(ctx, by, id, "fair."+string(to), func(tx store.Tx, f *scene.Fair, p *scene.FairParty) error {
		all, err := tx.Fairs().Parties(ctx, f.ID)
		if err != nil {
			return err
		}
		had := p.State
		switch to {
		case scene.PartyAccepted:
			if err := alone(all, p); err != nil {
				return err
			}
			if had == scene.PartyAccepted {
				return nil
			}
			if p.State, err = s.placed(ctx, tx, f, all, p, slices.Contains(despite, KeptSeen)); err != nil {
				return err
			}
			p.Declined, p.SaidNo = "", time.Time{}
		case scene.PartyRefused, scene.PartyWithdrawn:
			if err := leave(by, p, to); err != nil {
				return err
			}
		default:
			return &scene.Error{Code: scene.Invalid, Key: "fair.party_invalid", Fields: []scene.FieldError{{Field: "state", Key: "field.invalid"}}}
		}
		if had != p.State {
			if err := s.tellDecided(ctx, tx, by, f, p); err != nil {
				return err
			}
		}
		if p.State == scene.PartyAccepted || p.State == scene.PartyWaiting {
			return nil
		}
		all = slices.DeleteFunc(all, func(x scene.FairParty) bool { return x.ID == p.ID })
		return s.moveUp(ctx, tx, f, all)
	})
}

// leave has a party refused or withdrawn.
func leave(by scene.Actor, p *scene.FairParty, to scene.FairPartyState) error {
	if p.State == scene.PartyRefused && by.May(scene.FairManage, scene.Object{}) != nil {
		return &scene.Error{Code: scene.Precondition, Key: "fair.refused_stays"}
	}
	if p.State != to {
		p.Declined, p.SaidNo = "", time.Time{} // of an answer before, and not of this
	}
	p.State = to
	return nil
}

// moveUp lets in who waits longest and has a place, as long as there is one; all are the parties with the change that made it in them.
func (s *Service) moveUp(ctx context.Context, tx store.Tx, f *scene.Fair, all []scene.FairParty) error {
	for {
		waiting := queue(all)
		next := slices.IndexFunc(waiting, func(i int) bool { return fits(f, all, &all[i]) })
		if next < 0 {
			return nil
		}
		if err := s.moveIn(ctx, tx, f, &all[waiting[next]]); err != nil {
			return err
		}
	}
}

// moveIn lets in a party that waits.
func (s *Service) moveIn(ctx context.Context, tx store.Tx, f *scene.Fair, p *scene.FairParty) error {
	before := *p
	next := before
	next.State, next.Updated = scene.PartyAccepted, s.now().UTC()
	var err error
	if *p, err = tx.Fairs().PutParty(ctx, next); err != nil {
		return err
	}
	if err := s.wrote(ctx, tx, system(), "fair.accepted", "fair_party", next.ID, f.ID, "", withoutCodes(&before), withoutCodes(&next)); err != nil {
		return err
	}
	return s.tellDecided(ctx, tx, system(), f, &next)
}

// Renew gives a delegate a new code, or none: the link that went out stops
// working at once.
func (s *Service) Renew(ctx context.Context, by scene.Actor, party, delegate scene.ID, revoke bool) (scene.FairParty, error) {
	code := ""
	if !revoke {
		var err error
		if code, err = s.code(); err != nil {
			return scene.FairParty{}, err
		}
	}
	return s.party(ctx, by, party, "fair.link", func(_ store.Tx, _ *scene.Fair, p *scene.FairParty) error {
		i := slices.IndexFunc(p.Delegates, func(d scene.Delegate) bool { return d.ID == delegate })
		if i < 0 {
			return &scene.Error{Code: scene.NotFound, Key: "fair.no_such_delegate"}
		}
		p.Delegates = slices.Clone(p.Delegates)
		p.Delegates[i].Code = code
		return nil
	})
}

// party writes one change of a party that by may touch.
func (s *Service) party(ctx context.Context, by scene.Actor, id scene.ID, action string, fn func(store.Tx, *scene.Fair, *scene.FairParty) error) (scene.FairParty, error) {
	find := func(tx store.Tx) (scene.FairParty, error) {
		p, err := tx.Fairs().Party(ctx, id)
		if err == nil {
			err = by.May(scene.FairJoin, scene.Object{OrgID: p.OrgID})
		}
		return p, err
	}
	return s.changeParty(ctx, by, find, action, fn)
}

// changeParty writes one change of the party that find returns.
func (s *Service) changeParty(
	ctx context.Context, by scene.Actor, find func(store.Tx) (scene.FairParty, error), action string,
	fn func(store.Tx, *scene.Fair, *scene.FairParty) error,
) (next scene.FairParty, err error) {
	err = s.store.Update(ctx, func(tx store.Tx) error {
		before, err := find(tx)
		if err != nil {
			return err
		}
		f, err := tx.Fairs().Get(ctx, before.FairID)
		if err != nil {
			return err
		}
		if f.Ended() {
			return &scene.Error{Code: scene.Precondition, Key: "fair.ended"}
		}
		next = before
		next.Delegates, next.Wishes = slices.Clone(before.Delegates), slices.Clone(before.Wishes)
		if err := fn(tx, &f, &next); err != nil {
			return err
		}
		next.Updated = s.now().UTC()
		if next, err = tx.Fairs().PutParty(ctx, next); err != nil {
			return err
		}
		return s.wrote(ctx, tx, by, action, "fair_party", next.ID, f.ID, "", withoutCodes(&before), withoutCodes(&next))
	})
	s.forget(next.FairID)
	return next, scene.Wrap("convene."+action, err)
}

// withoutCodes is a party as the record may show it: without codes, mail addresses, and
// from where somebody agreed.
func withoutCodes(p *scene.FairParty) *scene.FairParty {
	shown := *p
	shown.Delegates = slices.Clone(p.Delegates)
	for i := range shown.Delegates {
		d := &shown.Delegates[i]
		d.Code, d.Consents = "", slices.Clone(d.Consents)
		if d.Mail != "" {
			d.Mail = "***"
		}
		for k := range d.Consents {
			d.Consents[k].From = ""
		}
	}
	return &shown
}
