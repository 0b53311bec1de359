package learning

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Judgement is a decision whose pair is named as people name it: by code, name
// or ID of the listings.
type Judgement struct {
	Need     string         `json:"need"`
	Offer    string         `json:"offer"`
	Decision scene.Decision `json:"decision"`
	// Place in the file it came from, for problems.
	Sheet string `json:"sheet,omitempty"`
	Row   int    `json:"row,omitempty"`
}

// Added is the outcome of AddJudgements.
type Added struct {
	Decisions int             `json:"decisions"`          // new ones
	Problems  []scene.Problem `json:"problems,omitempty"` // one for each that did not go in
}

// chunk is how many decisions one transaction takes.
const chunk = 500

// AddJudgements stores judgements as decisions. The same judgement twice (same
// pair, party, verdict and date) is stored once: a file that comes in again
// changes nothing. What names no
// listing, or more than one, is left out and told.
func (s *Service) AddJudgements(ctx context.Context, file string, list []Judgement, actor string) (Added, error) {
	var out Added
	var needs, offers *names
	known := map[scene.ID]bool{}
	err := s.store.View(ctx, func(tx store.Tx) (err error) {
		if needs, offers, err = both(ctx, tx); err != nil {
			return err
		}
		kept, err := all(func(p store.Page) (store.Rows[scene.Decision], error) { return tx.Judgements().Decisions(ctx, p) })
		for _, d := range kept {
			known[d.ID] = true
		}
		return err
	})
	if err != nil {
		return out, scene.Wrap("learning.AddJudgements", err)
	}
	decisions := make([]scene.Decision, 0, len(list))
	for _, j := range list {
		d, err := s.decide(j, needs, offers, actor)
		if err != nil {
			out.Problems = append(out.Problems, problem(file, j, err))
			continue
		}
		if !known[d.ID] {
			known[d.ID] = true
			decisions = append(decisions, d)
		}
	}
	for from := 0; from < len(decisions); from += chunk {
		part := decisions[from:min(from+chunk, len(decisions))]
		err := s.store.Update(ctx, func(tx store.Tx) error {
			if err := tx.Judgements().PutDecisions(ctx, part); err != nil {
				return err
			}
			return s.emit(ctx, tx, scene.DecisionChanged, actor)
		})
		if err != nil {
			return out, scene.Wrap("learning.AddJudgements", err)
		}
		out.Decisions += len(part)
	}
	return out, nil
}

func (s *Service) decide(j Judgement, needs, offers *names, actor string) (d scene.Decision, err error) {
	d = j.Decision
	if d.Need, err = needs.find("need", j.Need); err != nil {
		return d, err
	}
	if d.Offer, err = offers.find("offer", j.Offer); err != nil {
		return d, err
	}
	d.ID = fingerprint(&d) // before the clock is asked: the same file twice changes nothing
	if d.At.IsZero() {
		d.At = s.now()
	}
	if d.Actor == "" {
		d.Actor = actor
	}
	return d, d.Validate()
}

// fingerprint names a decision by what it says.
func fingerprint(d *scene.Decision) scene.ID {
	at := ""
	if !d.At.IsZero() {
		at = d.At.UTC().Format("2006-01-02T15:04:05.000000")
	}
	h := sha256.New()
	for _, s := range []string{string(d.Need), string(d.Offer), d.Party, string(d.Verdict), string(rune('0' + d.Grade)), string(d.Reason), at} {
		h.Write([]byte(s))
		h.Write([]byte{0x1f})
	}
	return scene.ID(hex.EncodeToString(h.Sum(nil))[:26])
}

func problem(file string, j Judgement, err error) scene.Problem {
	p := scene.Problem{File: file, Sheet: j.Sheet, Row: j.Row, Key: "decision.invalid", Rejected: true}
	if e, ok := errors.AsType[*scene.Error](err); ok {
		p.Key, p.Args = e.Key, e.Args
		if len(e.Fields) > 0 {
			p.Column, p.Key, p.Args = e.Fields[0].Field, e.Fields[0].Key, e.Fields[0].Args
		}
	}
	return p
}

// Decisions returns all decisions in order of ID.
func (s *Service) Decisions(ctx context.Context) (list []scene.Decision, err error) {
	err = s.store.View(ctx, func(tx store.Tx) (err error) {
		list, err = all(func(p store.Page) (store.Rows[scene.Decision], error) { return tx.Judgements().Decisions(ctx, p) })
		return err
	})
	return list, scene.Wrap("learning.Decisions", err)
}
