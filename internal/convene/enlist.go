package convene

import (
	"context"
	"slices"
	"strings"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// LineResult is what became of a line of a list of parties.
type LineResult string

// The results of a line that was not refused.
const (
	LineAdded   LineResult = "added"   // the party takes part
	LineWaits   LineResult = "waits"   // it was added, and waits for a place
	LineJoined  LineResult = "joined"  // the party was in already, and the delegate is new
	LineAlready LineResult = "already" // both were in
)

// Enlist adds what one line of a list says: a party by the name or credit code of an
// organisation, or by name alone, with at most one delegate. One that was invited, or
// asked to be let in, takes part from then on, or waits. Where the party is in
// already, a delegate of another name is added to it; one of the same name is in, and
// gets the mail address if he had none. A party that was refused, and a namesake with
// another address, are Conflict errors; others are those of [Service.Join].
func (s *Service) Enlist(ctx context.Context, by scene.Actor, fair scene.ID, form PartyForm) (p scene.FairParty, done LineResult, err error) {
	if err := by.May(scene.FairManage, scene.Object{}); err != nil {
		return p, "", err
	}
	org, err := s.OrganisationNamed(ctx, by, form.Name)
	if err != nil {
		return p, "", err
	}
	in, err := s.enlisted(ctx, fair, org, form.Name)
	if err != nil {
		return p, "", err
	}
	if in == nil || in.State == scene.PartyInvited {
		p, err = s.Join(ctx, by, fair, org, form)
		return p, added(&p), err
	}
	if in.State == scene.PartyRefused {
		return *in, "", &scene.Error{Code: scene.Conflict, Op: "convene.Enlist", Key: "fair.add.refused"}
	}
	done = LineAlready
	if len(form.Delegates) > 0 {
		if done, err = s.enlistDelegate(ctx, by, in.ID, form.Delegates[0]); err != nil {
			return *in, "", err
		}
	}
	if in.State == scene.PartyApplied {
		p, err = s.Decide(ctx, by, in.ID, scene.PartyAccepted)
		return p, added(&p), err
	}
	return *in, done, nil
}

// added is the result of a line by which a party came in.
func added(p *scene.FairParty) LineResult {
	if p.State == scene.PartyWaiting {
		return LineWaits
	}
	return LineAdded
}

// enlisted is the party of an organisation, or of that name where it is none here, which
// is in and did not withdraw; nil for none.
func (s *Service) enlisted(ctx context.Context, fair, org scene.ID, name string) (in *scene.FairParty, err error) {
	err = s.read(ctx, "convene.Enlist", func(tx store.Tx) error {
		if org != "" {
			o, err := store.Standing(ctx, tx, org)
			if err != nil {
				return err
			}
			org = o.ID
		}
		all, err := tx.Fairs().Parties(ctx, fair)
		for i := range all {
			p := &all[i]
			same := org != "" && p.OrgID == org || org == "" && p.OrgID == "" && scene.NameKey(p.Name) == scene.NameKey(name)
			if same && p.State != scene.PartyWithdrawn {
				in = p
			}
		}
		return err
	})
	return in, err
}

// enlistDelegate adds a delegate to a party that is in.
func (s *Service) enlistDelegate(ctx context.Context, by scene.Actor, party scene.ID, d scene.Delegate) (LineResult, error) {
	p, err := s.Party(ctx, by, party)
	if err != nil {
		return "", err
	}
	_, done, err := joinedBy(p.Delegates, d)
	if err != nil || done == lineSame {
		return LineAlready, err
	}
	_, err = s.party(ctx, by, party, "fair.amend", func(tx store.Tx, f *scene.Fair, p *scene.FairParty) error {
		typed, now, err := joinedBy(p.Delegates, d) // of the row as it is: others name people of it too
		if err != nil {
			return err
		}
		done = now
		if err := s.fillDelegates(p, typed); err != nil {
			return err
		}
		return s.complete(ctx, tx, f, p)
	})
	if done == lineSame {
		done = LineAlready
	}
	return done, err
}

// lineSame says that a line changes nothing.
const lineSame LineResult = ""

// joinedBy are the delegates of a party with one more, or with the mail address of the
// one who has that name.
func joinedBy(held []scene.Delegate, d scene.Delegate) ([]scene.Delegate, LineResult, error) {
	typed := slices.Clone(held)
	i := slices.IndexFunc(typed, func(x scene.Delegate) bool { return !x.Unnamed && scene.NameKey(x.Name) == scene.NameKey(d.Name) })
	switch {
	case i < 0:
		return append(slices.DeleteFunc(typed, func(x scene.Delegate) bool { return x.Unnamed }), d), LineJoined, nil
	case d.Mail == "" || strings.EqualFold(d.Mail, typed[i].Mail):
		return typed, lineSame, nil
	case typed[i].Mail != "":
		return nil, "", &scene.Error{Code: scene.Conflict, Op: "convene.Enlist", Key: "fair.add.other_mail", Args: map[string]any{"name": d.Name}}
	}
	typed[i].Mail = d.Mail
	return typed, LineAlready, nil
}
