package registry

import (
	"context"
	"slices"
	"strings"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Union is the wish to make one organisation of two that are the same (合并单位).
type Union struct {
	Keep, Drop scene.ID
	// The revisions are those that the person saw; others now are a Conflict.
	KeepRevision, DropRevision int
	// Take names the fields whose value is that of the dropped one, see [UnionFields].
	// Lists are joined, and a field that only one of both fills is that one's.
	Take   []string
	Reason string // required: it is a line of the record
}

// UnionFields are the fields of which a union takes one value or the other.
func UnionFields() []string {
	return []string{"name", "name_en", "kind", "region", "address", "profile", "founded", "contact"}
}

// Held is how much of each sort belongs to an organisation.
type Held struct {
	Opportunities, Capabilities, Accounts, Engagements, Parties, Searches, Receivers, Tokens, Showcases int
}

// UnionView is two organisations beside each other before they are made one.
type UnionView struct {
	Keep, Drop         scene.Organisation
	KeepHeld, DropHeld Held
	// Against says why it cannot be done, nil if it can.
	Against error
	// Namesakes are entries of both with one name; both stay. Fairs are those in
	// which both take part; both parties stay.
	Namesakes []string
	Fairs     []string
}

// Merged returns the organisation as it would be, with the values of the
// dropped one for those fields.
func (v *UnionView) Merged(take []string) scene.Organisation { return united(v.Keep, v.Drop, take) }

// united is keep with what drop adds to it.
func united(keep, drop scene.Organisation, take []string) scene.Organisation {
	next := drop
	overlay(&next, &keep) // what keep fills is its own
	for _, field := range take {
		takeField(&next, &drop, field)
	}
	next.ID, next.Revision, next.Created, next.Source, next.MergedInto = keep.ID, keep.Revision, keep.Created, keep.Source, ""
	next.Qualifications = joinQualifications(keep.Qualifications, drop.Qualifications)
	next.Industries = union(keep.Industries, drop.Industries)
	next.Aliases = nil
	for _, name := range slices.Concat([]string{keep.Name, drop.Name}, keep.Aliases, drop.Aliases) {
		if name != next.Name {
			next.Aliases = union(next.Aliases, []string{name})
		}
	}
	return next
}

func takeField(o, from *scene.Organisation, field string) {
	switch field {
	case "name":
		o.Name = from.Name
	case "name_en":
		o.NameEn = from.NameEn
	case "kind":
		o.Kind = from.Kind
	case "region":
		o.Region = from.Region
	case "address":
		o.Address = from.Address
	case "profile":
		o.Profile = from.Profile
	case "founded":
		o.Founded = from.Founded
	case "contact":
		o.Contact = from.Contact
	}
}

// Compare shows two organisations beside each other, and what making one of
// them would meet.
func (r *Registry) Compare(ctx context.Context, by scene.Actor, keep, drop scene.ID) (v UnionView, err error) {
	if err := by.May(scene.OrganisationMerge, scene.Object{}); err != nil {
		return v, err
	}
	err = r.store.View(ctx, func(tx store.Tx) error {
		v = UnionView{}
		if v.Keep, err = tx.Organisations().Get(ctx, keep); err != nil {
			return err
		}
		if v.Drop, err = tx.Organisations().Get(ctx, drop); err != nil {
			return err
		}
		u := uniting{Registry: r, ctx: ctx, tx: tx, keep: v.Keep, drop: v.Drop}
		if v.Against = u.against(); scene.CodeOf(v.Against) == scene.Internal {
			return v.Against
		}
		if v.KeepHeld, err = u.held(keep); err != nil {
			return err
		}
		if v.DropHeld, err = u.held(drop); err != nil {
			return err
		}
		if v.Namesakes, err = u.namesakes(); err != nil {
			return err
		}
		v.Fairs, err = u.fairs()
		return err
	})
	return v, scene.Wrap("registry.Compare", err)
}

// Unite makes one organisation of two, in one transaction: entries, accounts,
// pairs, parties of events, saved searches, receivers, tokens and the texts of
// showcases that belong to the dropped one go to the kept one. The row of the
// dropped one stays and leads to the kept one. Each row that changes is a line of
// the record, and the people of both are told. Two that cannot be one are a
// Precondition: itself, one that was merged before, contradictory credit codes,
// an open pair between both.
func (r *Registry) Unite(ctx context.Context, by scene.Actor, n Union) (o scene.Organisation, err error) {
	if err := by.May(scene.OrganisationMerge, scene.Object{}); err != nil {
		return o, err
	}
	if err := needsReason(n.Reason); err != nil {
		return o, scene.Wrap("registry.Unite", err)
	}
	err = r.updatePublic(ctx, func(tx store.Tx) error {
		u := uniting{Registry: r, ctx: ctx, tx: tx, by: by, action: scene.OrganisationMerge, reason: strings.TrimSpace(n.Reason)}
		if u.keep, err = tx.Organisations().Get(ctx, n.Keep); err != nil {
			return err
		}
		if u.drop, err = tx.Organisations().Get(ctx, n.Drop); err != nil {
			return err
		}
		if err := u.against(); err != nil {
			return err
		}
		u.before = u.keep
		u.keep.Revision, u.drop.Revision = n.KeepRevision, n.DropRevision
		o, err = u.unite(n.Take)
		return err
	})
	r.counts.decided.Add(1)
	return o, scene.Wrap("registry.Unite", err)
}

// uniting is one union within its transaction.
type uniting struct {
	*Registry
	ctx        context.Context //nolint:containedctx // it lives as long as its transaction
	tx         store.Tx
	by         scene.Actor
	action     scene.Action
	reason     string
	keep, drop scene.Organisation // keep is as it will be once the rows are written
	before     scene.Organisation // the kept one as it was
	changed    []scene.Event
}

// against says why both cannot be one.
func (u *uniting) against() error {
	refuse := func(key string) error {
		return &scene.Error{Code: scene.Precondition, Key: key, Args: map[string]any{
			"keep": u.keep.Name, "drop": u.drop.Name, "keep_code": string(u.keep.CreditCode), "drop_code": string(u.drop.CreditCode),
		}}
	}
	switch {
	case u.keep.ID == u.drop.ID:
		return refuse("organisation.merge_itself")
	case u.keep.MergedInto != "" || u.drop.MergedInto != "":
		return refuse("organisation.merged_before")
	case differ(u.keep.CreditCode, u.drop.CreditCode):
		return refuse("organisation.merge_codes")
	}
	open, err := u.between()
	if err == nil && open != "" {
		err = &scene.Error{Code: scene.Precondition, Key: "organisation.merge_pair", Args: map[string]any{"pair": open}}
	}
	return err
}

// between is the need of an open pair in which both have a part, "" for none.
func (u *uniting) between() (name string, err error) {
	err = u.engagements(u.drop.ID, func(e *scene.Engagement) error {
		keep, drop := e.Seat(u.keep.ID), e.Seat(u.drop.ID)
		if e.Stage.Open() && keep != nil && drop != nil && keep.Says != scene.Declined && drop.Says != scene.Declined {
			name = e.NeedName
		}
		return nil
	})
	return name, err
}

// unite writes everything: the dropped one first, for it gives up what it is known by.
func (u *uniting) unite(take []string) (scene.Organisation, error) {
	now := u.now().UTC()
	next := united(u.keep, u.drop, take)
	if err := next.Validate(); err != nil {
		return next, err
	}
	merged := u.drop
	merged.MergedInto, merged.Updated, next.Updated = u.keep.ID, now, now
	u.keep = next
	for _, move := range []func() error{u.moveListings, u.moveAccounts, u.moveEngagements, u.moveParties, u.moveReceivers, u.moveShowcases, u.dropNaming} {
		if err := move(); err != nil {
			return next, err
		}
	}
	if _, err := u.tx.Organisations().Put(u.ctx, merged); err != nil {
		return next, err
	}
	next, err := u.tx.Organisations().Put(u.ctx, next)
	if err != nil {
		return next, err
	}
	if err := u.record("organisation", u.drop.ID, u.drop, merged); err != nil {
		return next, err
	}
	if err := u.record("organisation", next.ID, u.before, next); err != nil {
		return next, err
	}
	u.change(scene.OrganisationChanged, u.drop.ID)
	u.change(scene.OrganisationChanged, next.ID)
	if err := u.tell(); err != nil {
		return next, err
	}
	return next, u.announce()
}

func (u *uniting) record(noun string, row scene.ID, before, after any) error {
	recorder := store.Recorder{IDs: u.ids, Now: u.now}
	return recorder.Record(u.ctx, u.tx, u.by, string(u.action), noun, row, u.reason, before, after)
}

// change notes a row for the events of its kind.
func (u *uniting) change(subject string, id scene.ID) {
	if slices.ContainsFunc(u.changed, func(e scene.Event) bool { return e.Subject == subject && slices.Contains(e.IDs, id) }) {
		return // several parties of one event
	}
	at := slices.IndexFunc(u.changed, func(e scene.Event) bool { return e.Subject == subject && len(e.IDs) < store.MaxEventIDs })
	if at < 0 {
		at = len(u.changed)
		u.changed = append(u.changed, scene.Event{Subject: subject})
	}
	u.changed[at].IDs = append(u.changed[at].IDs, id)
}

func (u *uniting) announce() error {
	for _, e := range u.changed {
		if err := u.emit(u.ctx, u.tx, e.Subject, e.IDs, string(u.by.ID)); err != nil {
			return err
		}
	}
	return nil
}

// tell has the people of what is now one organisation told.
func (u *uniting) tell() error {
	return store.Herald{IDs: u.ids, Now: u.now}.TellOrg(u.ctx, u.tx, u.keep.ID, u.by.ID, scene.Notice{
		Kind: scene.NoticeAccount, Key: "notice.organisation.merged", Path: "/organisations/" + string(u.keep.ID),
		Args: map[string]any{"keep": scene.Redact(u.keep.Name), "drop": scene.Redact(u.drop.Name)}, Rows: []scene.ID{u.keep.ID, u.drop.ID},
	})
}
