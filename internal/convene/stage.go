package convene

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// ReadActs reads the entries of a block as a person types them, one a line: what it
// is, who, for how many minutes, where, and for how many people who sign up. What
// has no minutes gets those of usual.
//
//	漏损在线定位，甲公司，8分钟
//	战略合作签约，甲公司 × 乙局，5分钟，主席台
//	参观水厂，乙局，60分钟，东门上车，限20人
//
// An entry of before with the same title keeps its id. The error is Invalid with one
// field for each line that cannot be read, which it names.
func ReadActs(text string, usual int, before []scene.FairAct) ([]scene.FairAct, error) {
	var acts []scene.FairAct
	var wrong []scene.FieldError
	held := slices.Clone(before)
	n := 0
	for line := range strings.Lines(text) {
		n++
		a, ok := readAct(line, usual)
		if !ok {
			wrong = append(wrong, lineFault("acts", "fair.act_line", n, strings.TrimSpace(line)))
			continue
		}
		if a.Title == "" {
			continue
		}
		if i := slices.IndexFunc(held, func(x scene.FairAct) bool { return x.Title == a.Title }); i >= 0 {
			a.ID = held[i].ID
			held = slices.Delete(held, i, i+1)
		}
		acts = append(acts, a)
	}
	return acts, wrongLines(wrong)
}

// readAct reads one line; ok is false where it says too much.
func readAct(line string, usual int) (a scene.FairAct, ok bool) {
	a.Minutes = usual
	timed := false
	for part := range strings.FieldsFuncSeq(line, func(r rune) bool { return strings.ContainsRune(",，;；\t|", r) }) {
		part = strings.TrimSpace(strings.ReplaceAll(part, "　", " "))
		minutes, isTime := actMinutes(part)
		seats, isSeats := actSeats(part)
		switch {
		case part == "":
		case a.Title == "":
			a.Title = part
		case isSeats:
			if a.Seats > 0 {
				return a, false
			}
			a.Seats = seats
		case isTime:
			if timed {
				return a, false // nobody is called by a number: two times are a slip
			}
			a.Minutes, timed = minutes, true
		case a.Who == "":
			a.Who = part
		case a.Place == "":
			a.Place = part
		default:
			return a, false
		}
	}
	return a, true
}

// actMinutes reads “8”, “8分钟”, “8 min”.
func actMinutes(s string) (int, bool) {
	for _, unit := range []string{"分钟", "分", "minutes", "minute", "mins", "min", "′", "'"} {
		s = strings.TrimSuffix(s, unit)
	}
	n, err := strconv.Atoi(strings.TrimSpace(s))
	return n, err == nil
}

// actSeats reads “限20人”, “20人”, “20 seats”.
func actSeats(s string) (int, bool) {
	s = strings.TrimPrefix(s, "限")
	for _, unit := range []string{"人", "seats", "people"} {
		if number, ok := strings.CutSuffix(s, unit); ok {
			n, err := strconv.Atoi(strings.TrimSpace(number))
			return n, err == nil && n > 0
		}
	}
	return 0, false
}

// WriteActs is the inverse of ReadActs.
func WriteActs(acts []scene.FairAct) string {
	var b strings.Builder
	for i := range acts {
		a := &acts[i]
		parts := []string{a.Title}
		if a.Who != "" || a.Place != "" {
			parts = append(parts, a.Who)
		}
		parts = append(parts, strconv.Itoa(a.Minutes)+"分钟")
		if a.Place != "" {
			parts = append(parts, a.Place)
		}
		if a.Seats > 0 {
			parts = append(parts, "限"+strconv.Itoa(a.Seats)+"人")
		}
		b.WriteString(strings.Join(parts, "，") + "\n")
	}
	return b.String()
}

// SetActs puts the entries of the block of that place in the day. revision is that
// of the fair which was looked at; another one is a Conflict.
func (s *Service) SetActs(ctx context.Context, by scene.Actor, fair scene.ID, revision, block int, acts []scene.FairAct) (scene.Fair, error) {
	if err := by.May(scene.FairManage, scene.Object{}); err != nil {
		return scene.Fair{}, err
	}
	fresh := make([]scene.ID, len(acts))
	for i := range fresh {
		var err error
		if fresh[i], err = s.ids.New(); err != nil {
			return scene.Fair{}, scene.Wrap("convene.SetActs", err)
		}
	}
	return s.change(ctx, by, fair, "fair.acts", func(tx store.Tx, f *scene.Fair) error {
		if err := unended(f, revision); err != nil {
			return err
		}
		if block < 0 || block >= len(f.Blocks) {
			return &scene.Error{Code: scene.NotFound, Key: "fair.no_block_there"}
		}
		parties, err := tx.Fairs().Parties(ctx, fair)
		if err != nil {
			return err
		}
		f.Blocks = slices.Clone(f.Blocks)
		list := slices.Clone(acts)
		for i := range list {
			if list[i].ID == "" {
				list[i].ID = fresh[i]
			}
			list[i].Parties = partiesIn(parties, list[i].Who)
		}
		f.Blocks[block].Acts = list
		return f.Validate()
	})
}

// unended refuses a change of a fair that is over, or that was looked at in another revision.
func unended(f *scene.Fair, revision int) error {
	switch {
	case f.Ended():
		return &scene.Error{Code: scene.Precondition, Key: "fair.ended"}
	case f.Revision != revision:
		return &scene.Error{Code: scene.Conflict, Key: "fair.acts_changed"}
	}
	return nil
}

// partiesIn are the parties whose names stand in a text, alone or between signs
// such as × and 、, or words such as 与. The words may be part of a name (和利时, Xylem),
// so what stands between signs alone counts as it is, too.
func partiesIn(parties []scene.FairParty, text string) []scene.ID {
	named := map[string]bool{scene.NameKey(text): true}
	for _, between := range []string{"×、/&+", "×、/&+xX与和"} {
		for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(between, r) }) {
			named[scene.NameKey(part)] = true
		}
	}
	delete(named, "")
	var list []scene.ID
	for i := range parties {
		if named[scene.NameKey(parties[i].Name)] {
			list = append(list, parties[i].ID)
		}
	}
	return list
}

// MoveAct moves an entry by a number of places within its block, as far as there is room.
func (s *Service) MoveAct(ctx context.Context, by scene.Actor, fair scene.ID, revision int, act scene.ID, places int) (scene.Fair, error) {
	return s.changeAct(ctx, by, fair, revision, act, func(acts []scene.FairAct, at int) []scene.FairAct {
		a := acts[at]
		acts = slices.Delete(acts, at, at+1)
		return slices.Insert(acts, min(max(at+places, 0), len(acts)), a)
	})
}

// DropAct takes an entry out of its block.
func (s *Service) DropAct(ctx context.Context, by scene.Actor, fair scene.ID, revision int, act scene.ID) (scene.Fair, error) {
	return s.changeAct(ctx, by, fair, revision, act, func(acts []scene.FairAct, at int) []scene.FairAct {
		return slices.Delete(acts, at, at+1)
	})
}

func (s *Service) changeAct(ctx context.Context, by scene.Actor, fair scene.ID, revision int, act scene.ID, fn func([]scene.FairAct, int) []scene.FairAct) (scene.Fair, error) {
	if err := by.May(scene.FairManage, scene.Object{}); err != nil {
		return scene.Fair{}, err
	}
	return s.change(ctx, by, fair, "fair.acts", func(_ store.Tx, f *scene.Fair) error {
		if err := unended(f, revision); err != nil {
			return err
		}
		block, at, ok := f.Act(act)
		if !ok {
			return &scene.Error{Code: scene.NotFound, Key: "fair.no_such_act"}
		}
		f.Blocks = slices.Clone(f.Blocks)
		f.Blocks[block].Acts = fn(slices.Clone(f.Blocks[block].Acts), at)
		return nil
	})
}

// keepActs gives the blocks of a changed programme the entries that those of
// before had: to the one of the same kind and start, else to the one of the same
// kind in the same order. Entries that would be left without a block are a
// Precondition error.
func keepActs(before, next []scene.FairBlock) error {
	taken := map[int]bool{}
	give := func(b *scene.FairBlock, fits func(int) bool) bool {
		for i := range next {
			if !taken[i] && next[i].Kind == b.Kind && fits(i) {
				next[i].Acts, taken[i] = b.Acts, true
				return true
			}
		}
		return false
	}
	var left []*scene.FairBlock
	for i := range before {
		b := &before[i]
		if len(b.Acts) > 0 && !give(b, func(k int) bool { return next[k].Start.Equal(b.Start) }) {
			left = append(left, b)
		}
	}
	for _, b := range left {
		if !give(b, func(int) bool { return true }) {
			return &scene.Error{Code: scene.Precondition, Key: "fair.published_kept_acts", Fields: []scene.FieldError{
				{Field: "programme", Key: "fair.acts_kept", Args: map[string]any{"count": len(b.Acts), "title": b.Acts[0].Title}},
			}}
		}
	}
	return nil
}

// Staged is an entry with when it begins.
type Staged struct {
	scene.FairAct
	Block scene.FairBlock
	Start time.Time // with the delay of the hall; on stage: when it began
	Until time.Time
}

// Stage is what happens on the stage: who is on, and who comes next. Either may be nil.
type Stage struct {
	Now, Next *Staged
}

// OnStage says who is on and who is next, by the log.
func (b *Board) OnStage() Stage {
	all := b.Acts()
	on := slices.IndexFunc(all, func(x Staged) bool { return x.ID == b.Day.Act })
	var s Stage
	if on >= 0 {
		all[on].Start = b.Day.ActSince
		all[on].Until = b.Day.ActSince.Add(time.Duration(all[on].Minutes) * time.Minute)
		s.Now = &all[on]
	} else {
		on = slices.IndexFunc(all, func(x Staged) bool { return x.ID == b.Day.ActAfter })
	}
	if on+1 < len(all) {
		s.Next = &all[on+1]
	}
	return s
}

// Acts are the entries of all blocks in order of time.
func (b *Board) Acts() []Staged {
	var list []Staged
	for i := range b.Fair.Blocks {
		block := &b.Fair.Blocks[i]
		for k := range block.Acts {
			start, until := b.Fair.Hours(block.ActStart(k), block.ActStart(k+1))
			list = append(list, Staged{FairAct: block.Acts[k], Block: *block, Start: start, Until: until})
		}
	}
	return list
}

// ActsOf are the entries that name a party, in order of time.
func (b *Board) ActsOf(party scene.ID) []Staged {
	return slices.DeleteFunc(b.Acts(), func(x Staged) bool { return !slices.Contains(x.Parties, party) })
}

// Advance brings the next entry on the stage, or with steps −1 the one before
// again; with 0 the stage is empty until the next. seen is the entry that whoever
// pressed saw on the stage, "" for none: where another is on, somebody else was
// quicker and nothing happens.
func (s *Service) Advance(ctx context.Context, by scene.Actor, fair, seen scene.ID, steps int) error {
	if err := by.May(scene.FairRun, scene.Object{}); err != nil {
		return err
	}
	b, err := s.Board(ctx, fair)
	if err != nil || b.Day.Act != seen || seen == "" && steps == 0 {
		return err
	}
	all := b.Acts()
	at := slices.IndexFunc(all, func(x Staged) bool { return x.ID == seen })
	if seen == "" {
		at = slices.IndexFunc(all, func(x Staged) bool { return x.ID == b.Day.ActAfter })
		if steps < 0 {
			at++ // the one that was on last
		}
	}
	e := scene.FairEntry{FairID: fair, Kind: scene.EntryStage, Key: fmt.Sprint("stage-step-", b.Day.Staged+1)}
	if next := at + steps; steps != 0 {
		if next < 0 {
			return nil
		}
		if next < len(all) {
			e.Act = all[next].ID
		}
	}
	_, err = s.enter(ctx, by, e, nil)
	return err
}
