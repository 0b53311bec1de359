package scene

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// fieldsOf is which fields an error finds fault with, each once.
func fieldsOf(err error) []string {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return nil
	}
	var names []string
	for _, f := range e.Fields {
		if !slices.Contains(names, f.Field+":"+f.Key) {
			names = append(names, f.Field+":"+f.Key)
		}
	}
	slices.Sort(names)
	return names
}

func soundFair() Fair {
	at := time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC)
	return Fair{
		Title: "对接会", State: FairDraft, Mode: FairMutual, Minutes: 20, MaxOpen: 5, MaxMusts: 1, Min: 1, Max: 4,
		Blocks: []FairBlock{{Kind: BlockOpening, Title: "开幕", Start: at, End: at.Add(time.Hour)}, {Kind: BlockMeet, Title: "洽谈", Start: at.Add(time.Hour), End: at.Add(3 * time.Hour)}},
		Halls:  []FairHall{{ID: "A", Tables: 2}, {ID: "B", Tables: 3}},
		Slots:  []FairSlot{{ID: "s1"}, {ID: "s2"}},
	}
}

func TestFairValidate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*Fair)
		want   []string
	}{
		"OK":          {func(*Fair) {}, nil},
		"NoBound":     {func(f *Fair) { f.Max = 0; f.Min = 9 }, nil},
		"Title":       {func(f *Fair) { f.Title = "  " }, []string{"title:field.required"}},
		"LongTitle":   {func(f *Fair) { f.Title = strings.Repeat("长", 201) }, []string{"title:field.too_long"}},
		"State":       {func(f *Fair) { f.State = "dancing" }, []string{"state:field.invalid"}},
		"Mode":        {func(f *Fair) { f.Mode = "" }, []string{"mode:field.invalid"}},
		"NoBlocks":    {func(f *Fair) { f.Blocks = nil }, []string{"programme:fair.no_block"}},
		"ManyBlocks":  {func(f *Fair) { f.Blocks = slices.Repeat(f.Blocks[:1], 61) }, []string{"programme:fair.blocks_overlap", "programme:fair.too_many_blocks"}},
		"Backwards":   {func(f *Fair) { f.Blocks[1].End = f.Blocks[1].Start }, []string{"programme:fair.block_time"}},
		"Overlap":     {func(f *Fair) { f.Blocks[1].Start = f.Blocks[0].Start }, []string{"programme:fair.blocks_overlap"}},
		"HallTwice":   {func(f *Fair) { f.Halls[1].ID = "A" }, []string{"halls:fair.hall_twice"}},
		"NoTables":    {func(f *Fair) { f.Halls[0].Tables = 0 }, []string{"halls:fair.bad_hall"}},
		"NoHallName":  {func(f *Fair) { f.Halls[0].ID = " " }, []string{"halls:fair.bad_hall"}},
		"ManyTables":  {func(f *Fair) { f.Halls[0].Tables = 2001 }, []string{"halls:fair.too_many_tables"}},
		"ShortSlot":   {func(f *Fair) { f.Minutes = 4 }, []string{"minutes:fair.bad_minutes"}},
		"LongSlot":    {func(f *Fair) { f.Minutes = 241 }, []string{"minutes:fair.bad_minutes"}},
		"Pause":       {func(f *Fair) { f.Pause = -1 }, []string{"pause:fair.bad_pause"}},
		"ManySlots":   {func(f *Fair) { f.Slots = make([]FairSlot, 401) }, []string{"minutes:fair.too_many_slots"}},
		"Capacity":    {func(f *Fair) { f.Capacity = -1 }, []string{"capacity:fair.negative"}},
		"MinMax":      {func(f *Fair) { f.Min = 5 }, []string{"min:fair.min_max"}},
		"Open":        {func(f *Fair) { f.MaxOpen = 501 }, []string{"max_open:fair.bad_max_open"}},
		"Musts":       {func(f *Fair) { f.MaxMusts = 6 }, []string{"max_musts:fair.bad_max_musts"}},
		"Interpreter": {func(f *Fair) { f.Interpreters = -2 }, []string{"interpreters:fair.negative"}},
		"Army":        {func(f *Fair) { f.Interpreters = 99999 }, []string{"interpreters:fair.bad_interpreters"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := soundFair()
			tt.change(&f)
			if got := fieldsOf(f.Validate()); !slices.Equal(got, tt.want) {
				t.Errorf("faults %v, want %v", got, tt.want)
			}
		})
	}
}

func TestFairSpan(t *testing.T) {
	t.Parallel()
	f := soundFair()
	if !f.Start().Equal(f.Blocks[0].Start) || !f.End().Equal(f.Blocks[1].End) || f.Tables() != 5 {
		t.Errorf("from %v to %v, %d tables", f.Start(), f.End(), f.Tables())
	}
	var none Fair
	if !none.Start().IsZero() || !none.End().IsZero() || none.Tables() != 0 {
		t.Error("a fair of no blocks begins, ends or has tables")
	}
	if s, ok := f.Slot("s2"); !ok || s.ID != "s2" {
		t.Errorf("slot %v %v", s, ok)
	}
	if _, ok := f.Slot("s9"); ok {
		t.Error("a slot that is not there is found")
	}
	for _, kind := range FairBlockKinds() {
		if kind == "" {
			t.Error("a kind of block without a name")
		}
	}
}

func TestFairPartyValidate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*FairParty)
		want   []string
	}{
		"OK":            {func(*FairParty) {}, nil},
		"Name":          {func(p *FairParty) { p.Name = "" }, []string{"name:field.required"}},
		"Note":          {func(p *FairParty) { p.Note = strings.Repeat("x", 2001) }, []string{"note:field.too_long"}},
		"Nobody":        {func(p *FairParty) { p.Delegates = nil }, []string{"delegates:fair.no_delegate"}},
		"Crowd":         {func(p *FairParty) { p.Delegates = slices.Repeat(p.Delegates, 31) }, []string{"delegates:fair.too_many_delegates"}},
		"Unnamed":       {func(p *FairParty) { p.Delegates[0].Name = " " }, []string{"delegates:fair.delegate_name"}},
		"Mail":          {func(p *FairParty) { p.Delegates[0].Mail = "not one" }, []string{"delegates:fair.delegate_mail"}},
		"LongPost":      {func(p *FairParty) { p.Delegates[0].Post = strings.Repeat("长", 51) }, []string{"delegates:field.too_long"}},
		"NegativeMin":   {func(p *FairParty) { p.Min = new(-1) }, []string{"min:fair.negative"}},
		"NegativeMax":   {func(p *FairParty) { p.Max = new(-1) }, []string{"max:fair.negative"}},
		"MinMax":        {func(p *FairParty) { p.Min, p.Max = new(3), new(2) }, []string{"min:fair.min_max"}},
		"MinOnly":       {func(p *FairParty) { p.Min = new(3) }, nil},
		"Listings":      {func(p *FairParty) { p.Listings = make([]FairListing, 51) }, []string{"listings:fair.too_many_listings"}},
		"Wishes":        {func(p *FairParty) { p.Wishes = slices.Repeat(p.Wishes, 501) }, []string{"wishes:fair.too_many_wishes"}},
		"WishKind":      {func(p *FairParty) { p.Wishes[0].Kind = "love" }, []string{"wishes:field.invalid"}},
		"WishSelf":      {func(p *FairParty) { p.Wishes[0].To = p.ID }, []string{"wishes:fair.wish_self"}},
		"WishLongNote":  {func(p *FairParty) { p.Wishes[0].Note = strings.Repeat("长", 501) }, []string{"wishes:field.too_long"}},
		"NeverIsAWish":  {func(p *FairParty) { p.Wishes[0].Kind = WishNever }, nil},
		"MaxZeroIsFine": {func(p *FairParty) { p.Max = new(0) }, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := FairParty{ID: "p", Name: "某公司", Delegates: []Delegate{{ID: "d", Name: "张工"}}, Wishes: []FairWish{{To: "q", Kind: WishWant}}}
			tt.change(&p)
			if got := fieldsOf(p.Validate()); !slices.Equal(got, tt.want) {
				t.Errorf("faults %v, want %v", got, tt.want)
			}
		})
	}
}

func TestFairPartyFinds(t *testing.T) {
	t.Parallel()
	p := FairParty{Delegates: []Delegate{{ID: "d"}}, Wishes: []FairWish{{To: "q", Kind: WishMust}}}
	if w, said := p.Wish("q"); !said || w.Kind != WishMust {
		t.Errorf("wish %+v %v", w, said)
	}
	if _, said := p.Wish("r"); said {
		t.Error("a wish that nobody said")
	}
	if d, there := p.Delegate("d"); !there || d.ID != "d" {
		t.Errorf("delegate %+v %v", d, there)
	}
	if _, there := p.Delegate("e"); there {
		t.Error("a delegate who does not come")
	}
}

func TestFairEntryValidate(t *testing.T) {
	t.Parallel()
	said := func(change func(*FairOutcome)) FairEntry {
		o := FairOutcome{Held: true, Worth: 3, Next: NextPilot}
		if change != nil {
			change(&o)
		}
		return FairEntry{Key: "12345678", Kind: EntryOutcome, Party: "p", Meeting: "p~q", Outcome: &o}
	}
	tests := map[string]struct {
		entry FairEntry
		want  []string
	}{
		"Arrived":      {FairEntry{Key: "12345678", Kind: EntryArrived, Party: "p", Delegate: "d"}, nil},
		"Absent":       {FairEntry{Key: "12345678", Kind: EntryAbsent, Party: "p"}, nil},
		"Outcome":      {said(nil), nil},
		"NoKey":        {FairEntry{Kind: EntryAbsent, Party: "p"}, []string{"key:fair.entry_key"}},
		"LongKey":      {FairEntry{Key: strings.Repeat("k", 101), Kind: EntryAbsent, Party: "p"}, []string{"key:fair.entry_key"}},
		"NoParty":      {FairEntry{Key: "12345678", Kind: EntryAbsent}, []string{"party:field.required"}},
		"NoDelegate":   {FairEntry{Key: "12345678", Kind: EntryArrived, Party: "p"}, []string{"delegate:field.required"}},
		"NoOutcome":    {FairEntry{Key: "12345678", Kind: EntryOutcome, Party: "p", Meeting: "m"}, []string{"meeting:field.required"}},
		"UnknownKind":  {FairEntry{Key: "12345678", Kind: "sang", Party: "p"}, []string{"kind:field.invalid"}},
		"Worth":        {said(func(o *FairOutcome) { o.Worth = 4 }), []string{"worth:field.invalid"}},
		"UnknownNext":  {said(func(o *FairOutcome) { o.Next = "marry" }), []string{"next:field.invalid"}},
		"NoNextIsFine": {said(func(o *FairOutcome) { o.Next = "" }), nil},
		"Amount":       {said(func(o *FairOutcome) { o.Amount = -1 }), []string{"amount:fair.negative"}},
		"Note":         {said(func(o *FairOutcome) { o.Note = strings.Repeat("长", 1001) }), []string{"note:field.too_long"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := fieldsOf(tt.entry.Validate()); !slices.Equal(got, tt.want) {
				t.Errorf("faults %v, want %v", got, tt.want)
			}
		})
	}
}

// TestDelays: a delay holds from where it was said until the next one; one that was kept
// without that is of the whole day, and stays so for what lies before another.
func TestDelays(t *testing.T) {
	t.Parallel()
	at := func(hour, minute int) time.Time { return time.Date(2026, 12, 1, hour, minute, 0, 0, time.UTC) }
	f := Fair{Late: 10}
	if f.DelayAt(at(9, 0)) != 10*time.Minute {
		t.Errorf("of the whole day: %v", f.DelayAt(at(9, 0)))
	}
	f.Postpone(30, at(10, 0))
	f.Postpone(20, at(11, 0))
	f.Postpone(40, at(10, 30)) // later ones of before are forgotten
	for hour, want := range map[int]time.Duration{9: 10 * time.Minute, 10: 30 * time.Minute, 11: 40 * time.Minute} {
		if got := f.DelayAt(at(hour, 0)); got != want {
			t.Errorf("%d o'clock: %v", hour, got)
		}
	}
	if from, to := f.Hours(at(9, 30), at(10, 0)); !from.Equal(at(9, 40)) || !to.Equal(at(10, 10)) {
		t.Errorf("what ends where a delay begins lasts %v–%v", from, to)
	}
	f.Postpone(0, at(10, 45))
	if from, to := f.Hours(at(10, 30), at(11, 0)); !from.Equal(at(11, 10)) || to.Before(from) || f.Late != 0 {
		t.Errorf("a delay made good within: %v–%v", from, to)
	}
}
