// Package engage is what happens between a match and its end: interest,
// questions, docking, next actions, outcomes, and the mutual revealing of
// contacts.
//
// It stands on the second floor: it knows internal/store and internal/scene,
// and no other service. Who may do what is decided by the table in scene.Rules
// for the side that an account acts for; every change is recorded, announced
// and told to those concerned in the transaction that makes it. What people
// decide about a pair is written as a decision, from which ranking learns.
//
// A change names the revision that the person saw: one that was overtaken is a
// Conflict, unless what it asks for has been done already by the same side, so
// that a button pressed twice works once.
package engage

import (
	"context"
	"slices"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Service is the use cases of engagements. It is safe for concurrent use.
type Service struct {
	store  store.Store
	ids    *scene.IDMaker
	now    func() time.Time
	herald store.Herald
}

// New returns a Service.
func New(s store.Store, ids *scene.IDMaker, now func() time.Time) *Service {
	return &Service{store: s, ids: ids, now: now, herald: store.Herald{IDs: ids, Now: now}}
}

// Case is an engagement with what one may read of its history.
type Case struct {
	scene.Engagement
	// Party is the side that the reader acts for.
	Party   scene.Party
	Entries []scene.EngagementEntry
}

// may asks the table about an engagement, from the side that the actor acts for.
func may(by *scene.Actor, do scene.Action, e *scene.Engagement) (scene.Party, error) {
	party := e.PartyOf(by)
	to := scene.Object{OrgID: e.NeedOrg, Department: e.Department}
	switch party {
	case scene.PartyProvider:
		to.OrgID = e.OfferOrg
	case scene.PartyPartner:
		to.OrgID = by.OrgID
		if do == scene.EngagementMove {
			return party, &scene.Error{Code: scene.Forbidden, Key: "engagement.group.lead_moves"}
		}
	}
	return party, by.May(do, to)
}

// lookLasts is how long what others wrote stays readable as it stands for who
// looked at a contact.
const lookLasts = 10 * time.Minute

// Get returns a case with its history. What others wrote is redacted, whatever was
// agreed, but for a while after the actor looked at a contact ([Service.Reveal]): a
// telephone number in a message is a contact, and each look is recorded. Lines for
// one side alone are left out for others. Who has no part in it gets Forbidden.
func (s *Service) Get(ctx context.Context, by scene.Actor, id scene.ID) (c Case, err error) {
	err = s.store.View(ctx, func(tx store.Tx) error {
		if c.Engagement, err = tx.Engagements().Get(ctx, id); err != nil {
			return err
		}
		if c.Party, err = may(&by, scene.EngagementRead, &c.Engagement); err != nil {
			return err
		}
		all, err := tx.Engagements().Entries(ctx, id)
		looked := slices.ContainsFunc(all, func(e scene.EngagementEntry) bool {
			return e.Kind == scene.EntryReveal && e.Actor == by.ID && s.now().Sub(e.At) < lookLasts
		})
		for i := range all {
			if readable(&c.Engagement, &all[i], c.Party, by.OrgID) {
				c.Entries = append(c.Entries, redacted(&c.Engagement, &all[i], side(c.Party, &by), looked))
			}
		}
		return err
	})
	if err != nil {
		return Case{}, scene.Wrap("engage.Get", err)
	}
	redactNames(&c.Engagement, &by)
	return c, nil
}

// side is the organisation that somebody acts for at the table, "" for the centre.
func side(party scene.Party, by *scene.Actor) scene.ID {
	if party == scene.PartyCentre {
		return ""
	}
	return by.OrgID
}

// readable reports whether a line is for somebody of a party. A partner reads
// what he said himself, and once he joined what was said since he was asked.
func readable(e *scene.Engagement, entry *scene.EngagementEntry, party scene.Party, org scene.ID) bool {
	if !entry.Readable(party, org) || party != scene.PartyPartner || entry.Org == org {
		return entry.Readable(party, org)
	}
	p := e.Partner(org)
	return p.Stance.Says == scene.Accepted && !entry.At.Before(p.Asked)
}

// redacted covers what a person can be reached by until those concerned agreed, and
// in what others wrote until the reader looked.
func redacted(e *scene.Engagement, entry *scene.EngagementEntry, reader scene.ID, looked bool) scene.EngagementEntry {
	out := *entry
	author := e.Author(entry)
	if own := reader != "" && author == reader; !e.Whole(author, reader) || !own && !looked {
		out.Text = scene.Redact(out.Text)
	}
	out.Next.Text = scene.Redact(out.Next.Text)
	return out
}

// redactNames covers telephone numbers that stand in names and next actions. Who
// was asked to be a partner, and has not joined, learns nothing of what is agreed.
func redactNames(e *scene.Engagement, by *scene.Actor) {
	party := e.PartyOf(by)
	e.Next.Text, e.Outcome.Note = scene.Redact(e.Next.Text), scene.Redact(e.Outcome.Note)
	if p := e.Partner(by.OrgID); party == scene.PartyPartner && p.Stance.Says != scene.Accepted {
		e.Next, e.Outcome, e.Asked = scene.NextAction{}, scene.Outcome{}, ""
	}
	e.NeedName, e.OfferName, e.Part = scene.Redact(e.NeedName), scene.Redact(e.OfferName), scene.Redact(e.Part)
	e.Partners = slices.Clone(e.Partners)
	for i := range e.Partners {
		p := &e.Partners[i]
		p.OfferName, p.Part = scene.Redact(p.OfferName), scene.Redact(p.Part)
	}
}

// Filter restricts a list of engagements.
type Filter struct {
	Stage scene.Stage // empty: any
	Need  scene.ID
	Offer scene.ID
	// Stuck keeps those that somebody should look after, the longest late first.
	Stuck bool
}

// List pages through the engagements that the actor may read: those of its
// organisation, or for the centre all, the latest change first. It returns
// Forbidden where there can be none.
func (s *Service) List(ctx context.Context, by scene.Actor, f Filter, p store.Page) (rows store.Rows[scene.Engagement], err error) {
	if !by.MayEver(scene.EngagementRead) {
		return rows, by.May(scene.EngagementRead, scene.Object{})
	}
	q := store.EngagementFilter{Need: f.Need, Offer: f.Offer, Newest: true}
	if f.Stage != "" {
		q.Stages = []scene.Stage{f.Stage}
	}
	if by.May(scene.EngagementRead, scene.Object{}) != nil && by.Department == "" {
		if by.OrgID == "" {
			return rows, by.May(scene.EngagementRead, scene.Object{})
		}
		q.Org = by.OrgID
	}
	err = s.store.View(ctx, func(tx store.Tx) (err error) {
		if f.Stuck {
			rows.Items, err = stuck(ctx, tx, q, s.now())
			return err
		}
		rows, err = tx.Engagements().List(ctx, q, p)
		return err
	})
	if err != nil {
		return store.Rows[scene.Engagement]{}, scene.Wrap("engage.List", err)
	}
	kept := rows.Items[:0]
	for i := range rows.Items {
		if _, err := may(&by, scene.EngagementRead, &rows.Items[i]); err == nil {
			redactNames(&rows.Items[i], &by)
			kept = append(kept, rows.Items[i])
		}
	}
	rows.Items = kept
	return rows, nil
}

// MaxRows is how many pairs All gives at once: what a page may write to a file.
const MaxRows = 50_000

// All returns the engagements that the actor may read, the latest change first, to
// be written to a file; more than MaxRows are TooLarge. That it was asked for is a
// line of the record: note says what for.
func (s *Service) All(ctx context.Context, by scene.Actor, f Filter, note string) (list []scene.Engagement, err error) {
	if err := by.May(scene.EngagementFollow, scene.Object{}); err != nil {
		return nil, err
	}
	for page := (store.Page{Limit: store.MaxPage}); ; {
		rows, err := s.List(ctx, by, f, page)
		if err != nil {
			return nil, err
		}
		if list = append(list, rows.Items...); len(list) > MaxRows {
			return nil, &scene.Error{Code: scene.TooLarge, Op: "engage.All", Key: "listing.too_many_rows", Args: map[string]any{"max": MaxRows}}
		}
		if page.After = rows.Next; page.After == "" {
			break
		}
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		recorder := store.Recorder{IDs: s.ids, Now: s.now}
		return recorder.Record(ctx, tx, by, "engagement.export", "engagement", "", note, nil, nil)
	})
	return list, scene.Wrap("engage.All", err)
}

// Counts counts by stage the engagements that the actor may read, those stages
// left out that have none; nil for who may read only some of what is there.
func (s *Service) Counts(ctx context.Context, by scene.Actor) (counts map[scene.Stage]int, err error) {
	q := store.EngagementFilter{}
	if by.May(scene.EngagementRead, scene.Object{}) != nil {
		if q.Org = by.OrgID; q.Org == "" {
			return nil, nil
		}
	}
	err = s.store.View(ctx, func(tx store.Tx) (err error) {
		counts, err = tx.Engagements().CountByStage(ctx, q)
		return err
	})
	return counts, scene.Wrap("engage.Counts", err)
}

// change runs fn on the engagement as it is now, if the actor may do that, and
// writes what fn made of it. fn reports done where there is nothing to do any
// more, and may add entries and notices by the change it is given.
func (s *Service) change(ctx context.Context, by scene.Actor, do scene.Action, id scene.ID, revision int, fn func(context.Context, *change) (done bool, err error)) (e scene.Engagement, err error) {
	err = s.store.Update(ctx, func(tx store.Tx) error {
		before, err := tx.Engagements().Get(ctx, id)
		if err != nil {
			return err
		}
		party, err := may(&by, do, &before)
		if err != nil {
			return err
		}
		ch := &change{Service: s, tx: tx, by: by, party: party, before: before, e: before}
		ch.e.Partners = slices.Clone(before.Partners)
		done, err := fn(ctx, ch)
		if err != nil || done {
			e = before
			return err
		}
		if revision != before.Revision {
			return overtaken(&before)
		}
		e, err = ch.commit(ctx, string(do))
		return err
	})
	if err != nil {
		return scene.Engagement{}, scene.Wrap("engage."+string(do), err)
	}
	redactNames(&e, &by)
	return e, nil
}

func overtaken(e *scene.Engagement) error {
	return &scene.Error{Code: scene.Conflict, Key: "engagement.overtaken", Args: map[string]any{"id": string(e.ID)}}
}

// change is one change of an engagement under way.
type change struct {
	*Service
	tx     store.Tx
	by     scene.Actor
	party  scene.Party
	before scene.Engagement
	e      scene.Engagement
	notes  []scene.EngagementEntry
	told   []notice
}

// notice is what a side, or the centre's staff, is told.
type notice struct {
	to  scene.Party
	org scene.ID // of a partner
	n   scene.Notice
	but scene.ID
}

// entry adds a line to the history.
func (c *change) entry(e scene.EngagementEntry) {
	e.Party, e.Actor = c.party, c.by.ID
	if c.party == scene.PartyPartner {
		e.Org = c.by.OrgID
	}
	c.notes = append(c.notes, e)
}

// tell tells a side by the message engagement.told.<what>.
func (c *change) tell(to scene.Party, what string, args map[string]any) {
	c.told = append(c.told, notice{to: to, but: c.by.ID, n: scene.Notice{Kind: scene.NoticeEngagement, Key: "engagement.told." + what, Args: args}})
}

// tellOthers tells everybody at the table but the side that acts: both sides, and
// the partners who joined.
func (c *change) tellOthers(what string, args map[string]any) {
	for _, p := range []scene.Party{scene.PartyOwner, scene.PartyProvider} {
		if p != c.party {
			c.tell(p, what, args)
		}
	}
	for i := range c.e.Partners {
		if p := &c.e.Partners[i]; p.Stance.Says == scene.Accepted && (c.party != scene.PartyPartner || p.Org != c.by.OrgID) {
			c.tellPartner(p.Org, what, args)
		}
	}
}

// tellPartner tells one partner.
func (c *change) tellPartner(org scene.ID, what string, args map[string]any) {
	c.tell(scene.PartyPartner, what, args)
	c.told[len(c.told)-1].org = org
}

// stance is where the organisation that acts stands; nil for the centre.
func (c *change) stance() *scene.Stance { return c.e.Seat(side(c.party, &c.by)) }

// move changes the stage.
func (c *change) move(to scene.Stage) error {
	if !c.e.Stage.CanBecome(to) {
		return &scene.Error{
			Code: scene.Precondition, Key: "engagement.step",
			Args: map[string]any{"from": string(c.e.Stage), "to": string(to)},
		}
	}
	c.entry(scene.EngagementEntry{Kind: scene.EntryMove, From: c.e.Stage, To: to})
	c.e.Stage, c.e.Moved = to, c.now().UTC()
	return nil
}

// commit writes the engagement, its history, the record, the event, the notices
// and what ranking learns, in the transaction of the change.
func (c *change) commit(ctx context.Context, action string) (scene.Engagement, error) {
	now := c.now().UTC()
	c.e.Updated = now
	c.figures()
	stored, err := c.tx.Engagements().Put(ctx, c.e)
	if err != nil {
		return stored, err
	}
	for _, entry := range c.notes {
		if entry.ID, err = c.ids.New(); err != nil {
			return stored, err
		}
		entry.Engagement, entry.At = stored.ID, now
		if _, err := c.tx.Engagements().AddEntry(ctx, entry); err != nil {
			return stored, err
		}
	}
	if err := c.announce(ctx, &stored); err != nil {
		return stored, err
	}
	var before any
	if c.before.ID != "" {
		before = c.before
	}
	recorder := store.Recorder{IDs: c.ids, Now: c.Service.now}
	return stored, recorder.Record(ctx, c.tx, c.by, action, "engagement", stored.ID, "", before, stored)
}

// figures has the last line of a change say which amount and next action it set: the
// pair keeps those in force alone, and not who named them.
func (c *change) figures() {
	if len(c.notes) == 0 {
		return
	}
	last, was, is := &c.notes[len(c.notes)-1], &c.before.Next, &c.e.Next
	if c.e.Outcome.Amount != c.before.Outcome.Amount {
		last.Amount = c.e.Outcome.Amount
	}
	if is.Known() && (is.Text != was.Text || is.Party != was.Party || !is.Due.Equal(was.Due)) {
		last.Next = *is
	}
}

// announce emits the event and writes the notices.
func (c *change) announce(ctx context.Context, e *scene.Engagement) error {
	id, err := c.ids.New()
	if err != nil {
		return err
	}
	event := scene.Event{ID: id, Subject: scene.EngagementChanged, IDs: []scene.ID{e.ID}, Time: e.Updated, Actor: string(c.by.ID)}
	if err := c.tx.Emit(ctx, event); err != nil {
		return err
	}
	for _, t := range c.told {
		if err := c.Service.tell(ctx, c.tx, e, t); err != nil {
			return err
		}
	}
	return nil
}

// tell writes a notice to everybody of a side; who opens it comes to the case.
func (s *Service) tell(ctx context.Context, tx store.Tx, e *scene.Engagement, t notice) error {
	n := t.n
	need, offer := e.Called()
	args := map[string]any{"need": scene.Redact(need), "offer": scene.Redact(offer)}
	for name, value := range n.Args {
		args[name] = value
	}
	n.Args, n.Rows = args, []scene.ID{e.ID}
	if t.to == scene.PartyCentre {
		n.Path = "/console/engagements/" + string(e.ID)
		return s.herald.TellRole(ctx, tx, scene.RoleSteward, t.but, n)
	}
	n.Path = "/workspace/engagements/" + string(e.ID)
	if t.to != scene.PartyPartner {
		t.org = e.Org(t.to)
	}
	return s.herald.TellOrg(ctx, tx, t.org, t.but, n)
}
