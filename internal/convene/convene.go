// Package convene is the matchmaking event (供需对接会) from making it to its
// report: who takes part and whom they want to meet, the meeting plan and its
// versions, the day itself.
//
// It stands on the second floor: it knows internal/store, internal/scene and
// the scheduler internal/agenda, and no other service. What the matcher says of
// two parties it asks through [Pairing]. Who may do what is decided by the table
// in scene.Rules; whoever holds the code of a delegate's personal link acts for
// that delegate. Every change leaves a line in the record and an event, in the
// transaction that makes it.
//
// # The way of a fair
//
//  1. Somebody of the centre makes it ([Service.Create]): blocks of the day, halls
//     with tables, slots. Parties sign up ([Service.Join]) or are added, wait where
//     it is full, and say whom they want to meet. Wishes bind nobody's calendar.
//  2. [Service.Plan] turns rows into a problem for internal/agenda and solves it
//     in the background; the answer is a draft that can be looked at, locked,
//     moved and solved again.
//  3. [Service.Publish] makes the draft the next version, with the list of what
//     changed: only those it concerns are told. Nothing else ever changes a
//     published plan.
//  4. On the day everything that happens is an entry in a log that only grows
//     ([Service.Enter]); a no-show is repaired into a draft of few changes.
//  5. [Service.FollowUp] makes a case of every meeting that ended with a next
//     step and asks again after 7, 30 and 90 days; [Service.Report] sums up what
//     came of it.
package convene

import (
	"context"
	"encoding/base32"
	"io"
	"log/slog"
	"sync"
	"time"

	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Pairing is what the matcher says of two lists: for each need, in their order,
// its best offers among those given, explained in Chinese and, in Match.Also, in
// English. A counterpart is called, in Ref.Code, by the ID of its listing. It is
// safe for concurrent use.
type Pairing interface {
	Pairs(ctx context.Context, needs, offers []scene.Row, top int) ([]match.Ranking, error)
}

// Config is what a service is made of.
type Config struct {
	Store   store.Store
	IDs     *scene.IDMaker
	Now     func() time.Time
	Random  io.Reader // of codes
	Pairing Pairing   // nil: nothing is suggested
	Docking Docking   // nil: what is agreed makes no cases
	Mailer  Mailer    // nil: no letters go out
	// Spell is a name as it is spelled: in whole and by initials, in small Latin letters;
	// nil: names are ordered by their characters.
	Spell func(name string) (full, initials string)
	// Link makes the absolute address of a path, "" where it is not known; nil is never known.
	Link func(path string) string
	Log  *slog.Logger
}

// Service keeps fairs. It is safe for concurrent use.
type Service struct {
	store    store.Store
	ids      *scene.IDMaker
	now      func() time.Time
	random   io.Reader
	pairing  Pairing
	docking  Docking
	mailer   Mailer
	link     func(string) string
	spell    func(string) (string, string)
	log      *slog.Logger
	recorder store.Recorder

	mu       sync.Mutex
	jobs     map[scene.ID]*job
	known    map[scene.ID]*suggested
	boards   map[scene.ID]*kept
	plans    map[scene.ID]*version // in force, as read last; nobody changes them
	followed map[scene.ID]string   // fair → what of its board was followed up
	met      map[scene.ID]*Met     // fair → who of it met before
	pasts    map[scene.ID]*past    // earlier fair → who met there
	drafts   map[scene.ID]*prepared
	heards   map[scene.ID]*heardOf // fair → who learns of its version in force
	planned  int                   // how many plans this process wrote
	work     sync.WaitGroup
	alive    context.Context //nolint:containedctx // ends the jobs with the service
	end      context.CancelFunc
	drawing  sync.Mutex // random is not safe for concurrent use

	seeking sync.Mutex          // guards twins, and has one reader fill it for all
	twins   map[scene.ID]*twins // fair → who of it is elsewhere too
}

// New returns a service. Close ends what it does in the background.
func New(c Config) *Service {
	s := &Service{
		store: c.Store, ids: c.IDs, now: c.Now, random: c.Random, pairing: c.Pairing, docking: c.Docking, mailer: c.Mailer, link: c.Link, spell: c.Spell, log: c.Log,
		recorder: store.Recorder{IDs: c.IDs, Now: c.Now},
		jobs:     map[scene.ID]*job{}, known: map[scene.ID]*suggested{}, boards: map[scene.ID]*kept{}, followed: map[scene.ID]string{}, plans: map[scene.ID]*version{},
		met: map[scene.ID]*Met{}, pasts: map[scene.ID]*past{}, drafts: map[scene.ID]*prepared{}, heards: map[scene.ID]*heardOf{}, twins: map[scene.ID]*twins{},
	}
	if s.link == nil {
		s.link = func(string) string { return "" }
	}
	if s.spell == nil {
		s.spell = func(name string) (string, string) { return name, "" }
	}
	s.alive, s.end = context.WithCancel(context.Background())
	return s
}

// Close stops solving and waits for it. Drafts that were made stay.
func (s *Service) Close() {
	s.end()
	s.work.Wait()
}

// codeLetters are the 32 that are not mistaken for each other in print.
const codeLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

// code makes the code of a personal link or of a wall: 100 random bits.
func (s *Service) code() (string, error) {
	s.drawing.Lock()
	defer s.drawing.Unlock()
	var b [15]byte
	if _, err := io.ReadFull(s.random, b[:]); err != nil {
		return "", &scene.Error{Code: scene.Internal, Op: "convene.code", Err: err}
	}
	return base32.NewEncoding(codeLetters).EncodeToString(b[:])[:20], nil
}

// Key makes a key for an entry of the log, for pages that carry one.
func (s *Service) Key() (string, error) { return s.code() }

// wrote leaves the line in the record and the event of a change.
func (s *Service) wrote(ctx context.Context, tx store.Tx, by scene.Actor, action, noun string, row, fair scene.ID, note string, before, after any) error {
	if err := s.recorder.Record(ctx, tx, by, action, noun, row, note, before, after); err != nil {
		return err
	}
	return s.emit(ctx, tx, by, scene.FairChanged, []scene.ID{fair})
}

func (s *Service) emit(ctx context.Context, tx store.Tx, by scene.Actor, subject string, ids []scene.ID) error {
	id, err := s.ids.New()
	if err != nil {
		return err
	}
	return tx.Emit(ctx, scene.Event{ID: id, Subject: subject, IDs: ids, Time: s.now().UTC(), Actor: string(by.ID)})
}

// read runs fn on a snapshot and gives its error the name of the operation.
func (s *Service) read(ctx context.Context, op string, fn func(store.Tx) error) error {
	return scene.Wrap(op, s.store.View(ctx, fn))
}
