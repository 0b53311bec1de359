package engage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Answer is what a side says to a pair.
type Answer struct {
	ID       scene.ID
	Revision int    // as the person saw it
	Text     string // what is said besides
	Reason   scene.StopReason
	// Next is what has to be done when both sides are interested: required for
	// the one who accepts last.
	Next scene.NextAction
}

// Accept says that the actor's side is interested. When the other one is too,
// the docking begins, with the next action named. An action at fault is Invalid.
// A partner of a group joins it, which moves nothing else.
func (s *Service) Accept(ctx context.Context, by scene.Actor, a Answer) (scene.Engagement, error) {
	return s.change(ctx, by, scene.EngagementAnswer, a.ID, a.Revision, func(ctx context.Context, c *change) (bool, error) {
		if c.party == scene.PartyPartner {
			return c.join(a)
		}
		stance := c.e.Stance(c.party)
		if stance == nil || stance.Says == scene.Accepted {
			return stance != nil, notAtTable(c)
		}
		if c.e.Stage.Ended() {
			return false, &scene.Error{Code: scene.Precondition, Key: "engagement.ended"}
		}
		if err := scene.ValidText(a.Text, false); err != nil {
			return false, err
		}
		now := c.now().UTC()
		stance.Says, stance.By, stance.At = scene.Accepted, by.ID, now
		c.entry(scene.EngagementEntry{Kind: scene.EntryAccept, Text: a.Text})
		if other := c.e.Stance(c.party.Other()); other.Says != scene.Accepted {
			c.tell(c.party.Other(), "interest", nil)
			return false, c.decide(ctx)
		}
		if err := a.Next.Validate(now); err != nil {
			return false, err
		}
		if err := c.move(scene.StageMutual); err != nil {
			return false, err
		}
		if err := c.move(scene.StageDocking); err != nil {
			return false, err
		}
		c.plan(a.Next)
		c.tellOthers("accept", map[string]any{"next": scene.Redact(a.Next.Text), "due": day(a.Next)})
		c.tell(scene.PartyCentre, "accept.staff", nil)
		return false, c.decide(ctx)
	})
}

// notAtTable refuses what only a side, or a partner who joined, can do.
func notAtTable(c *change) error {
	if err := notJoined(c); err != nil || c.stance() != nil {
		return err
	}
	return &scene.Error{Code: scene.Forbidden, Key: "permission.role", Args: map[string]any{"action": string(scene.EngagementAnswer)}}
}

// Decline says that the actor's side does not want the pair, with a reason. A
// partner of a group stays away from it, or leaves it, and the pair goes on.
func (s *Service) Decline(ctx context.Context, by scene.Actor, a Answer) (scene.Engagement, error) {
	return s.change(ctx, by, scene.EngagementAnswer, a.ID, a.Revision, func(ctx context.Context, c *change) (bool, error) {
		if c.party == scene.PartyPartner {
			return c.leave(a)
		}
		if err := notAtTable(c); err != nil {
			return false, err
		}
		if c.e.Stage == scene.StageStopped && c.e.StoppedBy == c.party {
			return true, nil
		}
		return false, c.stop(ctx, scene.EntryDecline, a)
	})
}

// Stop ends a pair that was docked, with a reason; the centre may do so too.
func (s *Service) Stop(ctx context.Context, by scene.Actor, a Answer) (scene.Engagement, error) {
	return s.change(ctx, by, scene.EngagementMove, a.ID, a.Revision, func(ctx context.Context, c *change) (bool, error) {
		if c.e.Stage == scene.StageStopped && c.e.StoppedBy == c.party {
			return true, nil
		}
		return false, c.stop(ctx, scene.EntryDecline, a)
	})
}

// stop ends the pair.
func (c *change) stop(ctx context.Context, kind scene.EntryKind, a Answer) error {
	if err := scene.ValidStop(a.Reason, a.Text); err != nil {
		return err
	}
	if stance := c.e.Stance(c.party); stance != nil {
		stance.Says, stance.By, stance.At = scene.Declined, c.by.ID, c.now().UTC()
	}
	c.entry(scene.EngagementEntry{Kind: kind, Text: a.Text, Reason: a.Reason})
	if err := c.move(scene.StageStopped); err != nil {
		return err
	}
	c.e.StoppedBy, c.e.Reason, c.e.Next, c.e.Asked = c.party, a.Reason, scene.NextAction{}, ""
	args := map[string]any{"reason": "@engagement.reason." + string(a.Reason)}
	c.tellOthers("stop", args)
	for i := range c.e.Partners {
		if p := &c.e.Partners[i]; p.Stance.Says == "" { // nothing waits for its answer any more
			c.tellPartner(p.Org, "stop", args)
		}
	}
	return c.decision(ctx, scene.Declined, a.Reason, a.Text)
}

// Speech is something said at the table.
type Speech struct {
	ID   scene.ID
	Kind scene.EntryKind // question, answer or note
	Text string
	// Own keeps a note to one's own side.
	Own bool
	// Seen is how many entries the person saw: the same words after the same
	// entries were sent twice by one button.
	Seen int
}

// Say asks, answers or notes. It does not depend on a revision: what is said
// meanwhile is no conflict.
func (s *Service) Say(ctx context.Context, by scene.Actor, w Speech) (e scene.Engagement, err error) {
	if err := scene.ValidText(w.Text, true); err != nil {
		return e, err
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if e, err = tx.Engagements().Get(ctx, w.ID); err != nil {
			return err
		}
		party, err := may(&by, scene.EngagementSpeak, &e)
		if err != nil {
			return err
		}
		c := &change{Service: s, tx: tx, by: by, party: party, before: e, e: e}
		if err := notJoined(c); err != nil {
			return err
		}
		entry := scene.EngagementEntry{
			Engagement: e.ID, Kind: w.Kind, Party: party, Actor: by.ID, Text: w.Text, At: s.now().UTC(), Once: said(&by, w),
		}
		if party == scene.PartyPartner {
			entry.Org = by.OrgID
		}
		if err := c.speak(w, &entry); err != nil {
			return err
		}
		if entry.ID, err = s.ids.New(); err != nil {
			return err
		}
		fresh, err := tx.Engagements().AddEntry(ctx, entry)
		if err != nil || !fresh {
			return err
		}
		if entry.Only != "" { // others learn nothing of it, and nobody's open form is behind for it
			recorder := store.Recorder{IDs: s.ids, Now: s.now}
			return recorder.Record(ctx, tx, by, string(scene.EngagementSpeak), "engagement", e.ID, "", nil, nil)
		}
		e, err = c.commit(ctx, string(scene.EngagementSpeak))
		return err
	})
	if err != nil {
		return scene.Engagement{}, scene.Wrap("engage.Say", err)
	}
	redactNames(&e, &by)
	return e, nil
}

// noticeText is how much a notice tells of what was said, in code points.
const noticeText = 80

// speak says what a word changes: a question waits for the other side, an answer
// ends the waiting.
func (c *change) speak(w Speech, entry *scene.EngagementEntry) error {
	switch w.Kind {
	case scene.EntryQuestion:
		if c.e.Stage.Ended() {
			return &scene.Error{Code: scene.Precondition, Key: "engagement.ended"}
		}
		c.e.Asked = c.party
		c.tellOthers("question", map[string]any{"text": scene.Clip(scene.Redact(w.Text), noticeText)})
	case scene.EntryAnswer:
		if c.e.Asked != "" && c.e.Asked != c.party {
			c.e.Asked = ""
		}
		c.tellOthers("answer", map[string]any{"text": scene.Clip(scene.Redact(w.Text), noticeText)})
	case scene.EntryNote:
		if w.Own {
			entry.Only = c.party
		}
	default:
		return &scene.Error{Code: scene.Invalid, Key: "engagement.invalid"}
	}
	return nil
}

// said names what was said, so that it is written once.
func said(by *scene.Actor, w Speech) string {
	sum := sha256.Sum256([]byte(string(by.ID) + "\x1f" + string(w.Kind) + "\x1f" + strconv.Itoa(w.Seen) + "\x1f" + w.Text))
	return hex.EncodeToString(sum[:16])
}

// decide writes what a side that is interested said of the pair; it passes the
// match over no longer.
func (c *change) decide(ctx context.Context) error {
	if stance := c.e.Stance(c.party); stance == nil || stance.Says != scene.Accepted {
		return nil
	}
	if err := c.reconsider(ctx, c.party); err != nil {
		return err
	}
	return c.decision(ctx, scene.Accepted, "", "")
}

// decision writes what ranking learns from: one for each party and verdict of an
// engagement. Where no entries were agreed on there is nothing to learn of them.
func (c *change) decision(ctx context.Context, verdict scene.Verdict, reason scene.StopReason, note string) error {
	if c.e.Loose {
		return nil
	}
	d := scene.Decision{ID: c.e.ID + scene.ID("-"+string(c.party)+"-"+string(verdict)), Verdict: verdict, Stop: reason, Note: note}
	if reason != "" {
		d.Reason = reason.Judged()
	}
	return c.judge(ctx, d)
}

// judge writes a decision of the side that acts on the pair.
func (c *change) judge(ctx context.Context, d scene.Decision) error {
	d.Need, d.Offer, d.Party = c.e.Need, c.e.Offer, string(c.party)
	d.Note, d.At, d.Actor = scene.Redact(d.Note), c.now().UTC(), string(c.by.ID)
	if err := d.Validate(); err != nil {
		return err
	}
	if err := c.tx.Judgements().PutDecisions(ctx, []scene.Decision{d}); err != nil {
		return err
	}
	return c.learned(ctx, d.ID)
}

// learned announces that ranking has something to learn, or to forget.
func (c *change) learned(ctx context.Context, decision scene.ID) error {
	id, err := c.ids.New()
	if err != nil {
		return err
	}
	return c.tx.Emit(ctx, scene.Event{ID: id, Subject: scene.DecisionChanged, IDs: []scene.ID{decision}, Time: c.now().UTC(), Actor: string(c.by.ID)})
}
