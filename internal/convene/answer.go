package convene

import (
	"context"
	"slices"
	"strings"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Answer is what an invited party says to its invitation.
type Answer struct {
	Comes bool
	// Who comes; his address is for what changes, and may be "".
	Name, Post, Mail string
	Consent          bool   // that the organisers use name and address for the fair
	Reason           string // of a no, may be ""
}

// maxReason is how long the reason of a no is, in characters.
const maxReason = 500

// AnswerAsGuest answers an invitation by the personal link that stands for the party,
// without an account: it takes part, or waits where there is no place for it, as by
// [Service.Join]; or it does not come, and says why if it likes. The organisers are told.
// A yes without a name or consent is Invalid. Who said no may say yes after all, and is
// the last of those who wait then, if it has to; another answer of one that answered, and
// a yes while nobody can sign up, are Precondition errors. What was agreed to is kept with
// who comes.
func (s *Service) AnswerAsGuest(ctx context.Context, code, from string, a Answer) (scene.FairParty, error) {
	g, err := s.Guest(ctx, code)
	if err != nil {
		return scene.FairParty{}, err
	}
	by := g.actor(from)
	return s.changeParty(ctx, by, byCode(ctx, code), "fair.answer", func(tx store.Tx, f *scene.Fair, p *scene.FairParty) error {
		if !p.Asked() || p.State != scene.PartyInvited && !a.Comes {
			return &scene.Error{Code: scene.Precondition, Key: "fair.answered_already"}
		}
		all, err := tx.Fairs().Parties(ctx, f.ID)
		if err != nil {
			return err
		}
		if a.Comes {
			err = s.comes(ctx, tx, f, all, p, a, from)
		} else {
			err = s.declines(ctx, tx, f, all, p, a)
		}
		if err != nil {
			return err
		}
		return s.tellAnswered(ctx, tx, by, f, p)
	})
}

func (s *Service) comes(ctx context.Context, tx store.Tx, f *scene.Fair, all []scene.FairParty, p *scene.FairParty, a Answer, from string) error {
	if err := joinable(f, false); err != nil {
		return err
	}
	var wrong []scene.FieldError
	if strings.TrimSpace(a.Name) == "" {
		wrong = append(wrong, scene.FieldError{Field: "name", Key: "field.required"})
	}
	if !a.Consent {
		wrong = append(wrong, scene.FieldError{Field: "consent", Key: "fair.answer.no_consent"})
	}
	if mail := strings.TrimSpace(a.Mail); mail != "" && !scene.ValidMail(mail) {
		wrong = append(wrong, scene.FieldError{Field: "mail", Key: "account.mail"})
	}
	if len(wrong) > 0 {
		return &scene.Error{Code: scene.Invalid, Key: "fair.party_invalid", Fields: wrong}
	}
	named := slices.DeleteFunc(slices.Clone(p.Delegates), func(d scene.Delegate) bool { return d.Unnamed })
	if err := s.fillDelegates(p, append(named, scene.Delegate{Name: a.Name, Post: a.Post, Mail: a.Mail})); err != nil {
		return err
	}
	now := s.now().UTC()
	who := &p.Delegates[len(p.Delegates)-1]
	who.Consents = append(slices.Clone(who.Consents), scene.Consent{Document: "privacy", Version: scene.DocumentVersion, At: now, From: from})
	p.Created = now // from now on it waits, if it has to
	p.State, p.Declined, p.SaidNo = scene.PartyInvited, "", time.Time{}
	var err error
	if p.Listings, err = s.stillOpen(ctx, tx, p); err != nil {
		return err
	}
	if p.State, err = s.admitted(ctx, tx, f, all, p, false); err != nil {
		return err
	}
	return s.complete(ctx, tx, f, p)
}

// declines notes a no; the place that was kept for the party goes to who waits.
func (s *Service) declines(ctx context.Context, tx store.Tx, f *scene.Fair, all []scene.FairParty, p *scene.FairParty, a Answer) error {
	p.State, p.Declined, p.SaidNo = scene.PartyWithdrawn, scene.Clip(strings.TrimSpace(a.Reason), maxReason), s.now().UTC()
	return s.moveUp(ctx, tx, f, slices.DeleteFunc(all, func(x scene.FairParty) bool { return x.ID == p.ID }))
}

// tellAnswered tells the organisers what an invited party said.
func (s *Service) tellAnswered(ctx context.Context, tx store.Tx, by scene.Actor, f *scene.Fair, p *scene.FairParty) error {
	n := decidedNotice(f, p)
	n.Key, n.Path, n.Args["name"] = "fair.told.comes", "/console/events/"+string(f.ID)+"/parties", scene.Redact(p.Name)
	if p.State == scene.PartyWithdrawn {
		n.Key = "fair.told.declines"
	}
	return store.Herald{IDs: s.ids, Now: s.now}.TellRole(ctx, tx, scene.RoleOrganiser, by.ID, n)
}
