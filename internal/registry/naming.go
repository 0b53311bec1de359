package registry

import (
	"context"
	"slices"
	"strings"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// By what an organisation is known, its name and its credit code, is not its own to
// write: it asks for another one with a reason, and the centre, which compares that
// with the licence, decides. What is asked for is a [scene.Proposal] of the
// organisation; entries, pairs and showcases follow the name once it is accepted.

// Renaming is a name that an organisation asks for, beside it as it is.
type Renaming struct {
	Proposal scene.Proposal
	Present  scene.Organisation
}

// AskNaming asks for another name or code for the actor's own organisation. While
// one is open a further one takes its place. Faults, a name or code that stays, and
// one that another organisation has, are told at their fields.
func (r *Registry) AskNaming(ctx context.Context, by scene.Actor, n scene.Naming, reason string) error {
	fresh, err := r.ids.New()
	if err != nil {
		return scene.Wrap("registry.AskNaming", err)
	}
	err = r.store.Update(ctx, func(tx store.Tx) error {
		present, err := store.Standing(ctx, tx, by.OrgID)
		if err != nil {
			return err
		}
		if err := by.May(scene.OrganisationEdit, scene.Object{OrgID: present.ID}); err != nil {
			return err
		}
		next, wrong := present.Named(n)
		if err := scene.Together(wrong, free(ctx, tx, &next), needsReason(reason)); err != nil {
			return err
		}
		if next.Name == present.Name && next.CreditCode == present.CreditCode {
			return &scene.Error{Code: scene.Invalid, Key: "organisation.same_name", Fields: []scene.FieldError{{Field: "name", Key: "organisation.same_name"}}}
		}
		p := scene.Proposal{
			ID: fresh, Kind: scene.KindOrganisation, Listing: present.ID, OrgID: present.ID, Base: present.Revision, State: scene.ProposalOpen,
			Naming: &scene.Naming{Name: next.Name, CreditCode: next.CreditCode}, Note: strings.TrimSpace(reason), Actor: by.ID, Created: r.now().UTC(),
		}
		if open, err := tx.Reviews().Proposal(ctx, p.Kind, p.Listing); err == nil {
			p.ID = open.ID
		} else if scene.CodeOf(err) != scene.NotFound {
			return err
		}
		if err := tx.Reviews().PutProposal(ctx, p); err != nil {
			return err
		}
		recorder := store.Recorder{IDs: r.ids, Now: r.now}
		if err := recorder.Record(ctx, tx, by, "organisation.ask_name", "organisation", present.ID, p.Note, present, next); err != nil {
			return err
		}
		return store.Herald{IDs: r.ids, Now: r.now}.TellRole(ctx, tx, scene.RoleSteward, by.ID, scene.Notice{
			Kind: scene.NoticeAccount, Key: "notice.naming.asked", Path: "/console/organisations/" + string(present.ID),
			Args: map[string]any{"name": scene.Redact(present.Name), "next": scene.Redact(next.Name)}, Rows: []scene.ID{present.ID},
		})
	})
	return scene.Wrap("registry.AskNaming", err)
}

// RecallNaming takes back what the actor's organisation asked for.
func (r *Registry) RecallNaming(ctx context.Context, by scene.Actor) error {
	err := r.store.Update(ctx, func(tx store.Tx) error {
		n, err := renaming(ctx, tx, by.OrgID)
		if err != nil {
			return err
		}
		if err := by.May(scene.OrganisationEdit, scene.Object{OrgID: n.Present.ID}); err != nil {
			return err
		}
		return r.settleNaming(ctx, tx, by, &n, scene.ProposalRecalled, "")
	})
	return scene.Wrap("registry.RecallNaming", err)
}

func renaming(ctx context.Context, tx store.Tx, org scene.ID) (n Renaming, err error) {
	if n.Present, err = store.Standing(ctx, tx, org); err == nil {
		n.Proposal, err = tx.Reviews().Proposal(ctx, scene.KindOrganisation, n.Present.ID)
	}
	return n, err
}

// Naming returns what an organisation asks to be called, or a NotFound error. Its
// own people may read it, and who decides.
func (r *Registry) Naming(ctx context.Context, by scene.Actor, org scene.ID) (n Renaming, err error) {
	err = r.store.View(ctx, func(tx store.Tx) error {
		if n, err = renaming(ctx, tx, org); err != nil {
			return err
		}
		return by.May(scene.OrganisationRead, scene.Object{OrgID: n.Present.ID})
	})
	if err != nil {
		return Renaming{}, scene.Wrap("registry.Naming", err)
	}
	return n, nil
}

// Namings returns what organisations ask to be called and the actor may decide,
// oldest first; none for who decides nothing of the kind.
func (r *Registry) Namings(ctx context.Context, by scene.Actor) (list []Renaming, err error) {
	if !by.MayEver(scene.OrganisationName) {
		return nil, nil
	}
	err = r.store.View(ctx, func(tx store.Tx) error {
		list = nil
		return store.Each(func(p store.Page) (store.Rows[scene.Proposal], error) {
			return tx.Reviews().Proposals(ctx, scene.ProposalOpen, p)
		}, func(p *scene.Proposal) error {
			if may := p.Naming != nil && by.May(scene.OrganisationName, scene.Object{OrgID: p.OrgID}) == nil; !may {
				return nil
			}
			present, err := store.Standing(ctx, tx, p.Listing)
			list = append(list, Renaming{*p, present})
			return err
		})
	})
	return list, scene.Wrap("registry.Namings", err)
}

// Name is what the centre decides of by what an organisation is known.
type Name struct {
	Org      scene.ID
	Revision int // as the person saw it; another one now is a Conflict
	Naming   scene.Naming
	Kind     scene.OwnerKind
	Reason   string // required: it is a line of the record, and told
}

// Rename gives an organisation another name, code or kind. Its entries, pairs and
// showcases follow; parties of events keep the name that stands on their badges. The
// name it gives up stays among its other spellings. Its people are told. One that
// has asked for a name has been answered by this, if it is the name it asked for.
func (r *Registry) Rename(ctx context.Context, by scene.Actor, n Name) error {
	err := r.updatePublic(ctx, func(tx store.Tx) error {
		before, err := store.Standing(ctx, tx, n.Org)
		if err != nil {
			return err
		}
		if err := by.May(scene.OrganisationName, scene.Object{OrgID: before.ID}); err != nil {
			return err
		}
		next, wrong := before.Named(n.Naming)
		next.Kind, next.Revision = n.Kind, n.Revision
		if err := scene.Together(wrong, free(ctx, tx, &next), knownKind(n.Kind), needsReason(n.Reason)); err != nil {
			return err
		}
		u := uniting{Registry: r, ctx: ctx, tx: tx, by: by, action: scene.OrganisationName, reason: strings.TrimSpace(n.Reason), keep: next, before: before}
		if err := u.rename(); err != nil {
			return err
		}
		open, err := renaming(ctx, tx, before.ID)
		switch {
		case scene.CodeOf(err) == scene.NotFound:
			return u.tellRenamed()
		case err != nil:
			return err
		case open.Proposal.Naming.Name != next.Name || open.Proposal.Naming.CreditCode != next.CreditCode:
			return u.tellRenamed()
		}
		return r.settleNaming(ctx, tx, by, &open, scene.ProposalAccepted, n.Reason)
	})
	return scene.Wrap("registry.Rename", err)
}

func knownKind(k scene.OwnerKind) error {
	if k == "" || slices.Contains(scene.OwnerKinds(), k) {
		return nil
	}
	return &scene.Error{Code: scene.Invalid, Key: "organisation.invalid", Fields: []scene.FieldError{{Field: "kind", Key: "organisation.kind"}}}
}

// DecideNaming answers what an organisation asked to be called: accepted, it is
// called so; refused, it is told why. seen is when the request that the person saw
// was written: another one in its place is a Conflict.
func (r *Registry) DecideNaming(ctx context.Context, by scene.Actor, org scene.ID, seen time.Time, accept bool, reason string) error {
	if !accept {
		if err := needsReason(reason); err != nil {
			return scene.Wrap("registry.DecideNaming", err)
		}
	}
	err := r.updatePublic(ctx, func(tx store.Tx) error {
		n, err := renaming(ctx, tx, org)
		if err != nil {
			return err
		}
		if err := by.May(scene.OrganisationName, scene.Object{OrgID: n.Present.ID}); err != nil {
			return err
		}
		if !n.Proposal.Created.Equal(seen) {
			return &scene.Error{Code: scene.Conflict, Key: "proposal.replaced"}
		}
		if !accept {
			return r.settleNaming(ctx, tx, by, &n, scene.ProposalRefused, reason)
		}
		next, wrong := n.Present.Named(*n.Proposal.Naming)
		if err := scene.Together(wrong, free(ctx, tx, &next)); err != nil {
			return err
		}
		why := n.Proposal.Note
		if reason = strings.TrimSpace(reason); reason != "" {
			why = reason
		}
		u := uniting{Registry: r, ctx: ctx, tx: tx, by: by, action: scene.OrganisationName, reason: why, keep: next, before: n.Present}
		if err := u.rename(); err != nil {
			return err
		}
		return r.settleNaming(ctx, tx, by, &n, scene.ProposalAccepted, reason)
	})
	return scene.Wrap("registry.DecideNaming", err)
}

// settleNaming closes a request, and tells the people of the organisation unless
// they took it back themselves.
func (r *Registry) settleNaming(ctx context.Context, tx store.Tx, by scene.Actor, n *Renaming, state scene.ProposalState, reason string) error {
	p := n.Proposal
	p.State, p.Reason, p.Decided = state, strings.TrimSpace(reason), r.now().UTC()
	if err := tx.Reviews().PutProposal(ctx, p); err != nil {
		return err
	}
	recorder := store.Recorder{IDs: r.ids, Now: r.now}
	if err := recorder.Record(ctx, tx, by, "organisation.name_"+string(state), "organisation", p.Listing, p.Reason, nil, nil); err != nil || state == scene.ProposalRecalled {
		return err
	}
	return tellNaming(ctx, tx, r, &by, p.Listing, string(state), p.Naming.Name, p.Reason)
}

// tellNaming has the people of an organisation told what became of its name.
func tellNaming(ctx context.Context, tx store.Tx, r *Registry, by *scene.Actor, org scene.ID, what, name, reason string) error {
	args, key := map[string]any{"name": scene.Redact(name)}, "notice.naming."+what
	if reason != "" {
		key += ".why"
		args["reason"] = scene.Redact(reason)
	}
	return store.Herald{IDs: r.ids, Now: r.now}.TellOrg(ctx, tx, org, by.ID, scene.Notice{
		Kind: scene.NoticeAccount, Key: key, Path: "/workspace/organisation", Args: args, Rows: []scene.ID{org},
	})
}

// free refuses a name or code that another organisation has, each at its field with
// whose it is: both may be one, which is then to be merged.
func free(ctx context.Context, tx store.Tx, o *scene.Organisation) error {
	taken := &scene.Error{Code: scene.Invalid, Key: "organisation.invalid"}
	for _, key := range []struct {
		field, name string
		code        scene.CreditCode
	}{{"name", scene.NameKey(o.Name), ""}, {"credit_code", "", o.CreditCode}} {
		holder, err := tx.Organisations().Find(ctx, key.code, key.name)
		switch {
		case scene.CodeOf(err) == scene.NotFound:
		case err != nil:
			return err
		case holder.ID != o.ID:
			taken.Fields = append(taken.Fields, scene.FieldError{Field: key.field, Key: "organisation.held", Args: map[string]any{"name": holder.Name}})
		}
	}
	if len(taken.Fields) == 0 {
		return nil
	}
	return taken
}

// rename writes the organisation as u.keep says, and has what is its own follow.
func (u *uniting) rename() error {
	u.keep.Updated = u.now().UTC()
	next, err := u.tx.Organisations().Put(u.ctx, u.keep)
	if err != nil {
		return err
	}
	if err := u.record("organisation", next.ID, u.before, next); err != nil {
		return err
	}
	u.change(scene.OrganisationChanged, next.ID)
	if u.keep = next; next.Name != u.before.Name {
		for _, kind := range []scene.Kind{scene.KindOpportunity, scene.KindCapability} {
			if err := u.renameListings(kind); err != nil {
				return err
			}
		}
		if err := u.renameEngagements(); err != nil {
			return err
		}
		if err := u.moveShowcases(); err != nil {
			return err
		}
	}
	return u.announce()
}

func (u *uniting) renameListings(kind scene.Kind) error {
	var own []Entry
	err := eachEntry(u.ctx, u.tx, kind, store.ListingFilter{OrgID: u.keep.ID}, func(e Entry) error {
		own = append(own, e)
		return nil
	})
	for i := range own {
		if err == nil {
			err = u.moveListing(&own[i], u.keep.ID)
		}
	}
	return err
}

func (u *uniting) renameEngagements() error {
	var all []scene.Engagement
	if err := u.engagements(u.keep.ID, func(e *scene.Engagement) error {
		all = append(all, *e)
		return nil
	}); err != nil {
		return err
	}
	for _, before := range all {
		e := before
		e.Partners = slices.Clone(before.Partners)
		e.Rename(u.keep.ID, u.keep.ID, u.keep.Name)
		e.Updated = u.now().UTC()
		if _, err := u.tx.Engagements().Put(u.ctx, e); err != nil {
			return err
		}
		u.change(scene.EngagementChanged, e.ID)
		if err := u.record("engagement", e.ID, before, e); err != nil {
			return err
		}
	}
	return nil
}

// tellRenamed has the people of a renamed organisation told.
func (u *uniting) tellRenamed() error {
	return tellNaming(u.ctx, u.tx, u.Registry, &u.by, u.keep.ID, "changed", u.keep.Name, u.reason)
}

// dropNaming closes what the dropped one of a union asked to be called.
func (u *uniting) dropNaming() error {
	p, err := u.tx.Reviews().Proposal(u.ctx, scene.KindOrganisation, u.drop.ID)
	if scene.CodeOf(err) == scene.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	before := p
	p.State, p.Decided = scene.ProposalRecalled, u.now().UTC()
	if err := u.tx.Reviews().PutProposal(u.ctx, p); err != nil {
		return err
	}
	return u.record("organisation", u.drop.ID, before, p)
}
