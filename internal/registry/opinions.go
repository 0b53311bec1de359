package registry

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// What experts are asked about an entry under review. Who asks, who was asked and
// what came back stand beside the decision; an expert reads the entries that he was
// asked about, without contacts, and no others. Nobody gives an opinion on what
// his own organisation owns.

const (
	// opinionsShown bounds the list of one expert.
	opinionsShown = 100
	// opinionAhead is how long before it is due an expert is reminded.
	opinionAhead  = 24 * time.Hour
	opinionsRound = 200
)

// Question is what experts are asked about an entry.
type Question struct {
	Kind    scene.Kind
	ID      scene.ID
	Experts []scene.ID // accounts
	Due     time.Time
	Text    string
}

// Experts returns the accounts that can be asked about an entry: those with the
// role, but for people of the organisation that owns it.
func (r *Registry) Experts(ctx context.Context, by scene.Actor, e *Entry) (list []scene.Account, err error) {
	if err := by.May(scene.OpinionAsk, e.Object()); err != nil {
		return nil, err
	}
	err = r.store.View(ctx, func(tx store.Tx) error {
		page := store.Page{Limit: store.MaxPage}
		for {
			rows, err := tx.Accounts().List(ctx, store.AccountFilter{State: scene.AccountActive, Naming: scene.RoleExpert}, page)
			if err != nil {
				return err
			}
			for i := range rows.Items {
				if judges(&rows.Items[i], e) && rows.Items[i].ID != by.ID {
					list = append(list, rows.Items[i])
				}
			}
			if page.After = rows.Next; page.After == "" {
				return nil
			}
		}
	})
	return list, scene.Wrap("registry.Experts", err)
}

// judges reports whether an account is an expert without an interest in an entry.
func judges(a *scene.Account, e *Entry) bool {
	return slices.Contains(a.Roles, scene.RoleExpert) && a.State == scene.AccountActive && (a.OrgID == "" || a.OrgID != e.Listing().OrgID)
}

// Ask asks experts about an entry, each with a notice. One who was asked and has
// not answered is not asked twice. Who is no expert, or belongs to the
// organisation that owns the entry, is Invalid.
func (r *Registry) Ask(ctx context.Context, by scene.Actor, q Question) error {
	err := r.store.Update(ctx, func(tx store.Tx) error {
		e, err := getEntry(ctx, tx, q.Kind, q.ID)
		if err != nil {
			return err
		}
		if err := by.May(scene.OpinionAsk, e.Object()); err != nil {
			return err
		}
		if err := scene.ValidQuestion(q.Experts, q.Due, q.Text, r.now()); err != nil {
			return err
		}
		held, err := tx.Opinions().About(ctx, q.ID)
		if err != nil {
			return err
		}
		for _, id := range q.Experts {
			waits := slices.ContainsFunc(held, func(o scene.Opinion) bool { return o.Account == id && o.State == scene.OpinionAsked })
			if !waits {
				if err := r.ask(ctx, tx, by, &e, &q, id); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return scene.Wrap("registry.Ask", err)
}

// ask asks one expert.
func (r *Registry) ask(ctx context.Context, tx store.Tx, by scene.Actor, e *Entry, q *Question, expert scene.ID) error {
	a, err := tx.Accounts().Get(ctx, expert)
	if scene.CodeOf(err) == scene.NotFound || err == nil && (!judges(&a, e) || a.ID == by.ID) {
		return &scene.Error{Code: scene.Invalid, Key: "opinion.invalid", Fields: []scene.FieldError{{Field: "experts", Key: "opinion.conflict"}}}
	}
	if err != nil {
		return err
	}
	id, err := r.ids.New()
	if err != nil {
		return err
	}
	l, now := e.Listing(), r.now().UTC()
	o := scene.Opinion{
		ID: id, Kind: e.Kind(), Listing: l.ID, Name: l.Name, Account: a.ID, Expert: a.Name, By: by.ID, Question: strings.TrimSpace(q.Text),
		Of: l.Revision, State: scene.OpinionAsked, Asked: now, Due: q.Due.UTC(),
	}
	if now.After(o.Due.Add(-opinionAhead)) { // the question says it already
		o.Reminded = now
	}
	if o, err = tx.Opinions().Put(ctx, o); err != nil {
		return err
	}
	if err := r.judged(ctx, tx, by, scene.OpinionAsk, nil, &o); err != nil {
		return err
	}
	return r.tellExpert(ctx, tx, &o, scene.Notice{Kind: scene.NoticeReview, Key: "opinion.told.ask"})
}

// judged writes a change of an opinion into the record.
func (r *Registry) judged(ctx context.Context, tx store.Tx, by scene.Actor, action scene.Action, before, after *scene.Opinion) error {
	var was any
	if before != nil {
		was = *before
	}
	recorder := store.Recorder{IDs: r.ids, Now: r.now}
	return recorder.Record(ctx, tx, by, string(action), "opinion", after.ID, string(after.Listing), was, *after)
}

// tellExpert tells an expert of what he was asked.
func (r *Registry) tellExpert(ctx context.Context, tx store.Tx, o *scene.Opinion, n scene.Notice) error {
	n.Account, n.Path, n.Rows = o.Account, "/opinions/"+string(o.ID), []scene.ID{o.ID}
	n.Args = map[string]any{"name": scene.Redact(o.Name), "due": o.Due.In(scene.China()).Format(time.DateOnly)}
	return store.Herald{IDs: r.ids, Now: r.now}.Tell(ctx, tx, n)
}

// Opinions returns what experts were asked about an entry and said, in the order
// in which they were asked, to those who decide or look over it; the organisation
// that owns the entry is Forbidden.
func (r *Registry) Opinions(ctx context.Context, by scene.Actor, e *Entry) (list []scene.Opinion, err error) {
	if err := by.May(scene.OpinionRead, e.Object()); err != nil {
		return nil, err
	}
	err = r.store.View(ctx, func(tx store.Tx) error {
		list, err = tx.Opinions().About(ctx, e.Listing().ID)
		return err
	})
	return list, scene.Wrap("registry.Opinions", err)
}

// Asked returns what the actor was asked as an expert, what waits for him first.
func (r *Registry) Asked(ctx context.Context, by scene.Actor) (list []scene.Opinion, err error) {
	if err := by.May(scene.OpinionGive, scene.Object{Account: by.ID}); err != nil {
		return nil, err
	}
	err = r.store.View(ctx, func(tx store.Tx) error {
		list, err = tx.Opinions().Of(ctx, by.ID, opinionsShown)
		return err
	})
	return list, scene.Wrap("registry.Asked", err)
}

// Opinion returns one that the actor was asked for, with the entry as it is now
// and without its contact; the entry is zero for who declined.
func (r *Registry) Opinion(ctx context.Context, by scene.Actor, id scene.ID) (o scene.Opinion, e Entry, err error) {
	err = r.store.View(ctx, func(tx store.Tx) error {
		if o, e, err = r.mine(ctx, tx, by, id); err != nil {
			return err
		}
		if o.State == scene.OpinionDeclined {
			e = Entry{}
			return nil
		}
		e = e.Copy()
		e.Listing().Contact = scene.Contact{}
		return nil
	})
	if err != nil {
		return scene.Opinion{}, Entry{}, scene.Wrap("registry.Opinion", err)
	}
	return o, e, nil
}

// mine reads an opinion that the actor was asked for, and its entry.
func (r *Registry) mine(ctx context.Context, tx store.Tx, by scene.Actor, id scene.ID) (o scene.Opinion, e Entry, err error) {
	if o, err = tx.Opinions().Get(ctx, id); err != nil {
		return o, e, err
	}
	if err = by.May(scene.OpinionGive, scene.Object{Account: o.Account}); err != nil {
		return o, e, err
	}
	if e, err = getEntry(ctx, tx, o.Kind, o.Listing); err != nil {
		return o, e, err
	}
	if by.OrgID != "" && by.OrgID == e.Listing().OrgID { // it may have changed since he was asked
		err = &scene.Error{Code: scene.Forbidden, Key: "opinion.own"}
	}
	return o, e, err
}

// Give answers what the actor was asked: scores on every criterion and a text,
// or declined with the text as its reason. It may be sent again until the entry
// is decided, and tells who asked. revision is that which the person saw.
func (r *Registry) Give(ctx context.Context, by scene.Actor, id scene.ID, revision int, answer scene.Opinion) (o scene.Opinion, err error) {
	err = r.store.Update(ctx, func(tx store.Tx) error {
		before, e, err := r.mine(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if !slices.Contains(scene.UnderReview(), e.Listing().State) || before.State == scene.OpinionDeclined {
			return &scene.Error{Code: scene.Precondition, Key: "opinion.ended"}
		}
		o = before
		o.Revision, o.Answered, o.Text = revision, r.now().UTC(), strings.TrimSpace(answer.Text)
		o.State, o.Scores = scene.OpinionGiven, answer.Scores
		if answer.State == scene.OpinionDeclined {
			o.State, o.Scores = scene.OpinionDeclined, nil
			err = scene.ValidText(o.Text, true)
		} else {
			err = o.Validate()
		}
		if err != nil {
			return err
		}
		if o, err = tx.Opinions().Put(ctx, o); err != nil {
			return err
		}
		if err := r.judged(ctx, tx, by, scene.OpinionGive, &before, &o); err != nil {
			return err
		}
		return store.Herald{IDs: r.ids, Now: r.now}.Tell(ctx, tx, scene.Notice{
			Account: o.By, Kind: scene.NoticeReview, Key: "opinion.told." + string(o.State), Path: "/console/reviews/" + string(o.Kind) + "/" + string(o.Listing),
			Args: map[string]any{"name": scene.Redact(o.Name), "expert": o.Expert}, Rows: []scene.ID{o.Listing},
		})
	})
	if err != nil {
		return scene.Opinion{}, scene.Wrap("registry.Give", err)
	}
	return o, nil
}

// RemindOpinions reminds experts of what is due within a day, each once. The
// process that leads calls it.
func (r *Registry) RemindOpinions(ctx context.Context) error {
	var due []scene.Opinion
	err := r.store.View(ctx, func(tx store.Tx) (err error) {
		due, err = tx.Opinions().Due(ctx, r.now().Add(opinionAhead), opinionsRound)
		return err
	})
	errs := []error{err} // one that fails keeps no other waiting
	for i := range due {
		errs = append(errs, r.remindOpinion(ctx, due[i].ID))
	}
	return scene.Wrap("registry.RemindOpinions", errors.Join(errs...))
}

func (r *Registry) remindOpinion(ctx context.Context, id scene.ID) error {
	return r.store.Update(ctx, func(tx store.Tx) error {
		o, err := tx.Opinions().Get(ctx, id)
		if err != nil || o.State != scene.OpinionAsked || !o.Reminded.IsZero() {
			return err
		}
		o.Reminded = r.now().UTC()
		if o, err = tx.Opinions().Put(ctx, o); err != nil {
			return err
		}
		return r.tellExpert(ctx, tx, &o, scene.Notice{Kind: scene.NoticeDue, Key: "opinion.told.due", Once: "opinion due " + string(o.ID)})
	})
}
