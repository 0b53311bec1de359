package registry

import (
	"context"
	"errors"
	"strings"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Proposed is a revision that waits for review, beside the entry as it is.
type Proposed struct {
	Proposal scene.Proposal
	Present  Entry
	Next     Entry
}

// Stale reports whether the entry changed since the proposal was written.
func (p *Proposed) Stale() bool { return p.Present.Listing().Revision != p.Proposal.Base }

// Propose keeps an edit of a public entry for review; the entry itself stays
// as it is until then. While one is open a further one takes its place.
func (r *Registry) Propose(ctx context.Context, by scene.Actor, e Entry, note string) (p scene.Proposal, err error) {
	fresh, err := r.ids.New()
	if err != nil {
		return p, scene.Wrap("registry.Propose", err)
	}
	err = r.store.Update(ctx, func(tx store.Tx) error {
		kind, id := e.Kind(), e.Listing().ID
		present, err := getEntry(ctx, tx, kind, id)
		if err != nil {
			return err
		}
		if err := by.May(scene.ListingPropose, present.Object()); err != nil {
			return err
		}
		if e.Listing().Revision != present.Listing().Revision {
			return &scene.Error{Code: scene.Conflict, Key: "store.stale", Args: map[string]any{"id": string(id), "revision": e.Listing().Revision}}
		}
		next := e.Copy()
		keep(next.Listing(), present.Listing())
		if err := scene.Together(next.validate(), next.ready(), r.lasting(&next)); err != nil {
			return err
		}
		p = scene.Proposal{ID: fresh}
		if open, err := tx.Reviews().Proposal(ctx, kind, id); err == nil {
			p.ID = open.ID
		} else if scene.CodeOf(err) != scene.NotFound {
			return err
		}
		p = scene.Proposal{
			ID: p.ID, Kind: kind, Listing: id, OrgID: present.Listing().OrgID, Base: present.Listing().Revision, State: scene.ProposalOpen,
			Opportunity: next.Opportunity, Capability: next.Capability, Note: strings.TrimSpace(note), Actor: by.ID, Created: r.now().UTC(),
		}
		if err := tx.Reviews().PutProposal(ctx, p); err != nil {
			return err
		}
		return r.record(ctx, tx, by, "listing.propose", &present, note, present.Content(), next.Content())
	})
	return p, scene.Wrap("registry.Propose", err)
}

func (r *Registry) record(ctx context.Context, tx store.Tx, by scene.Actor, action string, e *Entry, note string, before, after any) error {
	recorder := store.Recorder{IDs: r.ids, Now: r.now}
	return recorder.Record(ctx, tx, by, action, string(e.Kind()), e.Listing().ID, note, before, after)
}

// Proposed returns the open proposal for an entry, or a NotFound error. Who may
// read the entry may see what is proposed.
func (r *Registry) Proposed(ctx context.Context, by scene.Actor, kind scene.Kind, id scene.ID) (p Proposed, err error) {
	err = r.store.View(ctx, func(tx store.Tx) error {
		p, err = proposed(ctx, tx, kind, id)
		if err != nil {
			return err
		}
		return by.May(scene.ListingRead, p.Present.Object())
	})
	if err != nil {
		return Proposed{}, scene.Wrap("registry.Proposed", err)
	}
	return p, nil
}

func proposed(ctx context.Context, tx store.Tx, kind scene.Kind, id scene.ID) (p Proposed, err error) {
	if p.Present, err = getEntry(ctx, tx, kind, id); err != nil {
		return p, err
	}
	p.Proposal, err = tx.Reviews().Proposal(ctx, kind, id)
	p.Next = Entry{Opportunity: p.Proposal.Opportunity, Capability: p.Proposal.Capability}
	return p, err
}

// Proposals returns the open proposals that the actor may decide, oldest
// first, at most 500.
func (r *Registry) Proposals(ctx context.Context, by scene.Actor) (list []Proposed, err error) {
	if !by.MayEver(scene.ListingRevise) {
		return nil, by.May(scene.ListingRevise, scene.Object{})
	}
	err = r.store.View(ctx, func(tx store.Tx) error {
		list = nil
		page := store.Page{Limit: shown}
		for {
			rows, err := tx.Reviews().Proposals(ctx, scene.ProposalOpen, page)
			if err != nil {
				return err
			}
			for _, open := range rows.Items {
				if list, err = addProposed(ctx, tx, by, list, open); err != nil {
					return err
				}
			}
			if page.After = rows.Next; page.After == "" || len(list) >= shown {
				return nil
			}
		}
	})
	return list[:min(len(list), shown)], scene.Wrap("registry.Proposals", err)
}

// addProposed appends a proposal that the actor may decide.
func addProposed(ctx context.Context, tx store.Tx, by scene.Actor, list []Proposed, open scene.Proposal) ([]Proposed, error) {
	present, err := getEntry(ctx, tx, open.Kind, open.Listing)
	if scene.CodeOf(err) == scene.NotFound { // its import was undone
		return list, nil
	}
	if err != nil || by.May(scene.ListingRevise, present.Object()) != nil {
		return list, err
	}
	return append(list, Proposed{open, present, Entry{Opportunity: open.Opportunity, Capability: open.Capability}}), nil
}

// Decision is what becomes of the proposal for an entry.
type Decision struct {
	Kind scene.Kind
	ID   scene.ID
	// Seen is when the proposal that the person saw was written: another one in its
	// place is a Conflict.
	Seen   time.Time
	Accept bool
	Reason string // needed to refuse it
}

// Decide accepts a proposal, which writes it, or refuses it with a reason. One
// whose entry changed meanwhile cannot be accepted: a Conflict.
func (r *Registry) Decide(ctx context.Context, by scene.Actor, d Decision) error {
	if !d.Accept {
		if err := needsReason(d.Reason); err != nil {
			return scene.Wrap("registry.Decide", err)
		}
	}
	err := r.updatePublic(ctx, func(tx store.Tx) error {
		p, err := proposed(ctx, tx, d.Kind, d.ID)
		if err != nil {
			return err
		}
		if err := by.May(scene.ListingRevise, p.Present.Object()); err != nil {
			return err
		}
		if !p.Proposal.Created.Equal(d.Seen) {
			return &scene.Error{Code: scene.Conflict, Key: "proposal.replaced"}
		}
		decided := p.Proposal
		decided.State, decided.Reason, decided.Decided = scene.ProposalRefused, strings.TrimSpace(d.Reason), r.now().UTC()
		if !d.Accept {
			return r.decided(ctx, tx, by, &p, decided, "listing.refuse")
		}
		if p.Stale() {
			return &scene.Error{Code: scene.Conflict, Key: "proposal.stale"}
		}
		decided.State = scene.ProposalAccepted
		if err := r.decided(ctx, tx, by, &p, decided, "listing.accept"); err != nil {
			return err
		}
		next := p.Next.Copy()
		keep(next.Listing(), p.Present.Listing())
		next.Listing().Revision, next.Listing().Updated = p.Proposal.Base, r.now().UTC()
		if next, err = r.put(ctx, tx, next); err != nil {
			return err
		}
		return r.wrote(ctx, tx, by, "listing.revise", d.Reason, &p.Present, &next)
	})
	return scene.Wrap("registry.Decide", taken(err))
}

func (r *Registry) decided(ctx context.Context, tx store.Tx, by scene.Actor, p *Proposed, decided scene.Proposal, action string) error {
	if err := tx.Reviews().PutProposal(ctx, decided); err != nil {
		return err
	}
	state, wrote := p.Present.Listing().State, 0
	if decided.State == scene.ProposalAccepted {
		wrote = decided.Base + 1
	}
	if err := r.reviewed(ctx, tx, by, Step{Kind: decided.Kind, ID: decided.Listing, To: state, Reason: decided.Reason}, state, wrote); err != nil {
		return err
	}
	if err := r.tellOwner(ctx, tx, by, &p.Present, string(decided.State), decided.Reason); err != nil {
		return err
	}
	return r.record(ctx, tx, by, action, &p.Present, decided.Reason, nil, nil)
}

// Recall takes an open proposal back.
func (r *Registry) Recall(ctx context.Context, by scene.Actor, kind scene.Kind, id scene.ID) error {
	err := r.store.Update(ctx, func(tx store.Tx) error {
		p, err := proposed(ctx, tx, kind, id)
		if err != nil {
			return err
		}
		if err := by.May(scene.ListingPropose, p.Present.Object()); err != nil {
			return err
		}
		recalled := p.Proposal
		recalled.State, recalled.Decided = scene.ProposalRecalled, r.now().UTC()
		if err := tx.Reviews().PutProposal(ctx, recalled); err != nil {
			return err
		}
		return r.record(ctx, tx, by, "listing.recall", &p.Present, "", nil, nil)
	})
	return scene.Wrap("registry.Recall", err)
}

// keyOf is the message key of an error.
func keyOf(err error) string {
	if e, ok := errors.AsType[*scene.Error](err); ok {
		return e.Key
	}
	return ""
}
