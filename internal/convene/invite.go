package convene

import (
	"context"
	"slices"
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Mailer sends one message in plain text. It may take a while and fail.
type Mailer interface {
	Send(ctx context.Context, to, subject, text string) error
}

// Bounds of sending letters.
const (
	lettersAtOnce   = 100
	lettersFor      = 10 * time.Second // of a round: reminders, cases and webhooks wait behind it
	triesOfLetter   = 8
	firstLetterWait = time.Minute // doubled with every try
)

// MailPossible reports whether letters can go out: there is a mail server, and
// the installation knows the address that a link begins with.
func (s *Service) MailPossible() bool { return s.mailer != nil && s.link("/e/") != "" }

// Invitation is a delegate with the letter that carries his link.
type Invitation struct {
	Party    scene.FairParty
	Delegate scene.Delegate
	Letter   *scene.FairLetter // nil: none was asked for
}

// Invitations returns the delegates of the parties that take part, or were invited and can
// answer by the link, by party, with their letters: what a centre without mail hands out by itself.
func (s *Service) Invitations(ctx context.Context, by scene.Actor, fair scene.ID) (list []Invitation, err error) {
	if err := by.May(scene.FairManage, scene.Object{}); err != nil {
		return nil, err
	}
	err = s.read(ctx, "convene.Invitations", func(tx store.Tx) (err error) {
		list, err = s.invitations(ctx, tx, fair)
		return err
	})
	return list, err
}

func (s *Service) invitations(ctx context.Context, tx store.Tx, fair scene.ID) (list []Invitation, err error) {
	parties, err := tx.Fairs().Parties(ctx, fair)
	if err != nil {
		return nil, err
	}
	letters, err := tx.Fairs().Letters(ctx, fair)
	if err != nil {
		return nil, err
	}
	held := map[[2]scene.ID]*scene.FairLetter{}
	for i := range letters {
		held[[2]scene.ID{letters[i].PartyID, letters[i].Delegate}] = &letters[i]
	}
	s.sortParties(parties)
	for i := range parties {
		p := &parties[i]
		if p.State != scene.PartyAccepted && p.State != scene.PartyInvited {
			continue
		}
		for _, d := range p.Delegates {
			list = append(list, Invitation{Party: *p, Delegate: d, Letter: held[[2]scene.ID{p.ID, d.ID}]})
		}
	}
	return list, nil
}

// Invite has letters go out to the delegates of a fair who have an address and a
// link: to one of them again, or, where delegate is "", to all who were sent none.
// It returns to how many. Where letters cannot go out it is a Precondition error.
func (s *Service) Invite(ctx context.Context, by scene.Actor, fair, delegate scene.ID) (asked int, err error) {
	if err := by.May(scene.FairManage, scene.Object{}); err != nil {
		return 0, err
	}
	if !s.MailPossible() {
		return 0, &scene.Error{Code: scene.Precondition, Op: "convene.Invite", Key: "fair.invite.no_mail"}
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		asked = 0
		f, err := tx.Fairs().Get(ctx, fair)
		if err != nil {
			return err
		}
		if f.State != scene.FairOpen && f.State != scene.FairClosed {
			return &scene.Error{Code: scene.Precondition, Key: "fair.invite.state"}
		}
		list, err := s.invitations(ctx, tx, fair)
		if err != nil {
			return err
		}
		for i := range list {
			x := &list[i]
			if !x.wanted(delegate) {
				continue
			}
			now := s.now().UTC()
			if err := tx.Fairs().PutLetter(ctx, scene.FairLetter{PartyID: x.Party.ID, Delegate: x.Delegate.ID, Asked: now, Due: now}); err != nil {
				return err
			}
			asked++
		}
		if asked == 0 {
			return &scene.Error{Code: scene.Precondition, Key: "fair.invite.nobody"}
		}
		return s.recorder.Record(ctx, tx, by, "fair.invite", "fair", fair, "", nil, map[string]int{"letters": asked})
	})
	return asked, scene.Wrap("convene.Invite", err)
}

// wanted reports whether a letter can go to x and is asked for: for the delegate
// of that id, or with "" where none went out.
func (x *Invitation) wanted(delegate scene.ID) bool {
	if x.Delegate.Mail == "" || x.Delegate.Code == "" {
		return false
	}
	if delegate != "" {
		return x.Delegate.ID == delegate
	}
	return x.Letter == nil || x.Letter.Fault != ""
}

// SendLetters sends what is due. What fails is put off, longer each time, and
// given up after eight tries. A call ends with the letter that it is at after ten
// seconds, or with the hundredth; the rest is for the next. The process that leads calls it;
// two that do at once, or one that is killed in between, may send a letter twice.
func (s *Service) SendLetters(ctx context.Context) error {
	if s.mailer == nil {
		return nil
	}
	var due []scene.FairLetter
	err := s.read(ctx, "convene.SendLetters", func(tx store.Tx) (err error) {
		due, err = tx.Fairs().LettersDue(ctx, s.now(), lettersAtOnce)
		return err
	})
	began := s.now()
	for i := range due {
		if err == nil && ctx.Err() == nil && s.now().Sub(began) < lettersFor {
			err = s.sendLetter(ctx, due[i])
		}
	}
	return scene.Wrap("convene.SendLetters", err)
}

func (s *Service) sendLetter(ctx context.Context, l scene.FairLetter) error {
	var p scene.FairParty
	var f scene.Fair
	err := s.read(ctx, "convene.sendLetter", func(tx store.Tx) (err error) {
		if p, err = tx.Fairs().Party(ctx, l.PartyID); err == nil {
			f, err = tx.Fairs().Get(ctx, p.FairID)
		}
		return err
	})
	if err != nil {
		return err
	}
	l = s.post(ctx, &f, &p, l)
	return s.store.Update(ctx, func(tx store.Tx) error {
		held, err := tx.Fairs().Letter(ctx, l.PartyID, l.Delegate)
		if err != nil || held.Version != l.Version || !held.Asked.Equal(l.Asked) { // another was asked for meanwhile
			return err
		}
		return tx.Fairs().PutLetter(ctx, l)
	})
}

// post sends a letter, and returns it with what came of that.
func (s *Service) post(ctx context.Context, f *scene.Fair, p *scene.FairParty, l scene.FairLetter) scene.FairLetter {
	d, there := p.Delegate(l.Delegate)
	open := f.State == scene.FairOpen || f.State == scene.FairClosed
	l.Due, l.Tries = time.Time{}, l.Tries+1
	if !there || !open || p.State != scene.PartyAccepted && p.State != scene.PartyInvited || d.Mail == "" || d.Code == "" {
		l.Fault = "fair.invite.gone"
		return l
	}
	subject, text := s.letter(f, p, &d, &l)
	err := s.mailer.Send(ctx, d.Mail, subject, text)
	switch {
	case err == nil:
		l.Sent, l.Fault = s.now().UTC(), ""
		return l
	case l.Tries >= triesOfLetter:
		l.Fault = "fair.invite.failed"
	default:
		l.Due = s.now().UTC().Add(firstLetterWait << (l.Tries - 1))
	}
	s.log.WarnContext(ctx, "a letter did not go out", "party", p.ID, "error", err)
	return l
}

// letter is what a delegate reads, in the language that the party speaks.
func (s *Service) letter(f *scene.Fair, p *scene.FairParty, d *scene.Delegate, l *scene.FairLetter) (subject, text string) {
	lang := locale.Zh
	if len(p.Languages) > 0 && !slices.Contains(p.Languages, "zh") {
		lang = locale.En
	}
	start, end := f.Start().In(scene.China()), f.End().In(scene.China())
	when := start.Format("2006-01-02 15:04") + "–" + end.Format("15:04")
	args := map[string]any{"title": f.Title, "name": d.Name, "party": p.Name, "when": when, "place": f.Place, "link": s.link("/e/" + d.Code), "version": l.Version, "count": l.Meetings}
	key := "fair.invite"
	switch {
	case p.State == scene.PartyInvited:
		key = "fair.invite.ask"
	case l.Version == 1:
		key = "fair.invite.planned"
	case l.Version > 1:
		key = "fair.invite.changed"
	}
	return locale.Text(lang, key+".subject", args), locale.Text(lang, key+".letter", args)
}

// decidedNotice tells an organisation how its sign-up was decided.
func decidedNotice(f *scene.Fair, p *scene.FairParty) scene.Notice {
	return scene.Notice{
		Kind: scene.NoticeMeeting, Key: "fair.told." + string(p.State), Path: "/workspace/events/" + string(f.ID), Rows: []scene.ID{f.ID, p.ID},
		Args: map[string]any{"title": scene.Redact(f.Title)},
	}
}

// tellDecided tells the accounts of a party's organisation, if it has any.
func (s *Service) tellDecided(ctx context.Context, tx store.Tx, by scene.Actor, f *scene.Fair, p *scene.FairParty) error {
	if p.OrgID == "" {
		return nil
	}
	return store.Herald{IDs: s.ids, Now: s.now}.TellOrg(ctx, tx, p.OrgID, by.ID, decidedNotice(f, p))
}

// tellApplied tells those who decide that somebody waits to be let in.
func (s *Service) tellApplied(ctx context.Context, tx store.Tx, by scene.Actor, f *scene.Fair, p *scene.FairParty) error {
	n := decidedNotice(f, p)
	n.Path, n.Args["name"] = "/console/events/"+string(f.ID)+"/parties", scene.Redact(p.Name)
	return store.Herald{IDs: s.ids, Now: s.now}.TellRole(ctx, tx, scene.RoleOrganiser, by.ID, n)
}
