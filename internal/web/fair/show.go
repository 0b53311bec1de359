// Package fair is the pages of matchmaking events for those who come: what is
// on, an organisation's own part in it, the personal page behind a link, the wall
// of the hall. Pages of the centre are in internal/web/console and share what is
// shown here.
//
// It stands on the fourth floor beside internal/web, which mounts its handlers
// on routes behind their permissions. What may be done is decided by
// internal/convene; a page offers only what would be allowed.
package fair

import (
	"bytes"
	"encoding/base64"
	"image/png"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// State is where an event stands, with its label.
func State(p *ui.Page, phase convene.Phase) ui.State {
	return ui.State{Code: string(phase), Label: p.T("fair.state." + string(phase))}
}

// PartyState is the state of a party with its label.
func PartyState(p *ui.Page, x *scene.FairParty) ui.State {
	return ui.State{Code: string(x.State), Label: p.T("fair.party." + string(x.State))}
}

// WishState is what a party says of another, with its label; the zero State for nothing.
func WishState(p *ui.Page, kind scene.FairWishKind) ui.State {
	if kind == "" {
		return ui.State{}
	}
	return ui.State{Code: string(kind), Label: p.T("fair.wish." + string(kind))}
}

// Programme lists the blocks of the day with the delay of the hall. Those that it moves
// tell when they were to be, until they are over.
func Programme(p *ui.Page, f *scene.Fair, now time.Time) []ui.Fact {
	var list []ui.Fact
	for i := range f.Blocks {
		b, was := &f.Blocks[i], ""
		start, end := f.Hours(b.Start, b.End)
		if end.After(now) && (!start.Equal(b.Start) || !end.Equal(b.End)) {
			was = ui.Clock(b.Start) + "–" + ui.Clock(b.End)
		}
		text := p.T("fair.block." + string(b.Kind))
		if b.Title != "" {
			text += p.T("colon") + b.Title
		}
		if was != "" {
			text += p.T("fair.programme.was", "time", was)
		}
		list = append(list, ui.Fact{Label: ui.Clock(start) + "–" + ui.Clock(end), Value: text})
		list = append(list, actFacts(p, f, b)...)
	}
	return list
}

// actFacts are the entries of a block with when they begin.
func actFacts(p *ui.Page, f *scene.Fair, b *scene.FairBlock) []ui.Fact {
	var list []ui.Fact
	for k := range b.Acts {
		a := &b.Acts[k]
		text := "· " + a.Title
		for _, more := range []string{a.Who, a.Place} {
			if more != "" {
				text += p.T("web.comma") + more
			}
		}
		if a.Seats > 0 {
			text += p.T("web.comma") + p.T("fair.seats.limit", "seats", a.Seats)
		}
		start, _ := f.Hours(b.ActStart(k), b.ActStart(k+1))
		list = append(list, ui.Fact{Label: ui.Clock(start), Value: text})
	}
	return list
}

// SlotHours is a slot as people read it, with the delay of the hall.
func SlotHours(f *scene.Fair, x *scene.FairSlot) string {
	start, end := f.Hours(x.Start, x.End)
	return ui.Clock(start) + "–" + ui.Clock(end)
}

// SlotOptions are the slots to choose from, those given being chosen.
func SlotOptions(f *scene.Fair, chosen []string) []ui.Option {
	held := map[string]bool{}
	for _, id := range chosen {
		held[id] = true
	}
	var list []ui.Option
	for i := range f.Slots {
		list = append(list, ui.Option{Value: f.Slots[i].ID, Label: SlotHours(f, &f.Slots[i]), Chosen: held[f.Slots[i].ID]})
	}
	return list
}

// Picture is an address as a picture that a camera reads, in PNG.
func Picture(address string) ([]byte, error) {
	code, err := qr.Encode(address, qr.M, qr.Auto)
	if err != nil {
		return nil, scene.Wrap("fair.Picture", err)
	}
	side := code.Bounds().Dx()
	if code, err = barcode.Scale(code, 4*side, 4*side); err != nil {
		return nil, scene.Wrap("fair.Picture", err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, code); err != nil {
		return nil, scene.Wrap("fair.Picture", err)
	}
	return b.Bytes(), nil
}

// QR is that picture as a data address, for pages to print.
func QR(address string) (string, error) {
	picture, err := Picture(address)
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(picture), err
}

// Absolute makes an address that a camera can open of a path. public is the
// address that people use, or "" for the one of the request.
func Absolute(c echo.Context, public, path string) string {
	if public == "" {
		public = c.Scheme() + "://" + c.Request().Host
	}
	return strings.TrimRight(public, "/") + path
}

// OnlyHere reports whether an address opens on the machine itself alone, so that no
// phone gets there.
func OnlyHere(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && (ip.IsLoopback() || ip.IsUnspecified())
}

// Delegates reads people as they are typed, one a line: name, post, mail.
func Delegates(text string) []scene.Delegate {
	var list []scene.Delegate
	for line := range strings.Lines(text) {
		if strings.TrimFunc(line, func(r rune) bool { return separates(r) || unicode.IsSpace(r) }) == "" {
			continue
		}
		parts := Separated(strings.TrimSpace(line))
		d := ReadDelegate(parts)
		if strings.TrimSpace(parts[0]) == "" && d.Post == "" { // what follows is a post, and whose is not said
			d.Name, d.Post = "", d.Name
		}
		list = append(list, d)
	}
	return list
}

// Amended is what to answer to a change of a party: that links and badges ended with
// delegates who are listed no more, or go on for those who are called otherwise.
func Amended(before, after *scene.FairParty) string {
	done := "amended"
	for _, d := range before.Delegates {
		switch now, there := after.Delegate(d.ID); {
		case d.Unnamed:
		case !there:
			return "amended.gone"
		case scene.NameKey(now.Name) != scene.NameKey(d.Name):
			done = "amended.renamed"
		}
	}
	return done
}

// ReadDelegate takes name, post and mail out of the parts of a line. A part beyond them
// stands where the mail is looked for: it is taken for one that is wrong, and is no mail.
func ReadDelegate(parts []string) scene.Delegate {
	var d scene.Delegate
	for _, part := range parts {
		part = strings.ReplaceAll(strings.TrimSpace(part), "＠", "@")
		switch {
		case part == "":
		case strings.Contains(part, "@"):
			d.Mail = part
		case d.Name == "":
			d.Name = part
		case d.Post == "":
			d.Post = part
		default:
			d.Mail = strings.TrimSpace(d.Mail + " " + part)
		}
	}
	return d
}

// DelegateName is what a delegate is called. One who stands for a party until it says
// who comes has no name yet.
func DelegateName(p *ui.Page, d *scene.Delegate) string {
	if d.Unnamed {
		return p.T("fair.unnamed")
	}
	return d.Name
}

// Sends names a party, with the delegate whom it sends where it could send another.
func Sends(p *ui.Page, board *convene.Board, m *convene.Sitting, party scene.ID) string {
	d, one := board.Sender(m, party)
	if !one {
		return board.Name(party)
	}
	return p.T("fair.sends", "party", board.Name(party), "name", DelegateName(p, &d))
}

func separates(r rune) bool { return strings.ContainsRune(",，;；\t|", r) }

// Separated splits a line at commas and tabs, Chinese ones too. It gives at least one
// part, and an empty one for each place where nothing stands.
func Separated(line string) []string {
	return strings.Split(strings.Map(func(r rune) rune {
		if separates(r) {
			return '\t'
		}
		return r
	}, line), "\t")
}

// DelegateLines is the inverse of Delegates.
func DelegateLines(list []scene.Delegate) string {
	var b strings.Builder
	for i := range list {
		d := &list[i]
		if d.Unnamed {
			continue
		}
		b.WriteString(d.Name)
		for _, part := range []string{d.Post, d.Mail} {
			if part != "" {
				b.WriteString("，" + part)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// languages are those that can be chosen, by code.
func languages() []string { return []string{"zh", "en", "ja", "ko", "de", "fr"} }

// PartyFields are the fields of a party's form, with what was typed where the
// request brings it: nothing is lost for a fault. staff shows what only the
// organisers say.
func PartyFields(c echo.Context, p *ui.Page, f *scene.Fair, held *scene.FairParty, bring []convene.Listed, staff bool) []ui.Field {
	x := typed(c, held)
	fields := []ui.Field{{Name: "revision", Type: "hidden", Value: strconv.Itoa(held.Revision)}, {
		Name: "delegates", Label: p.T("fair.delegates"), Type: "text-area", Rows: 3, Required: !held.Awaits(), Max: 4000,
		Value: DelegateLines(x.Delegates), Hint: p.T("fair.delegates.hint"),
	}}
	share := ui.Field{Name: "share", Label: p.T("fair.calendar_kind"), Type: "radio", Options: []ui.Option{
		{Value: "no", Label: p.T("fair.calendar_kind.split"), Chosen: !x.Share}, {Value: "yes", Label: p.T("fair.calendar_kind.share"), Chosen: x.Share},
	}}
	speak := ui.Field{Name: "languages", Label: p.T("fair.languages"), Type: "checks"}
	for _, code := range languages() {
		chosen := code == "zh" && len(x.Languages) == 0
		for _, l := range x.Languages {
			chosen = chosen || l == code
		}
		speak.Options = append(speak.Options, ui.Option{Value: code, Label: p.T("fair.language." + code), Chosen: chosen})
	}
	fields = append(fields, share, speak)
	if len(bring) > 0 {
		brought := ui.Field{Name: "listings", Label: p.T("fair.listings"), Type: "checks", Hint: p.T("fair.listings.hint")}
		for _, l := range bring {
			chosen := false
			for _, held := range x.Listings {
				chosen = chosen || held == l.FairListing
			}
			brought.Options = append(brought.Options, ui.Option{Value: string(l.Kind) + ":" + string(l.ID), Label: l.Name, Chosen: chosen})
		}
		fields = append(fields, brought)
	}
	if len(f.Slots) > 0 {
		fields = append(fields, ui.Field{Name: "away", Label: p.T("fair.away"), Type: "checks", Options: SlotOptions(f, x.Away), Hint: p.T("fair.away.hint")})
	}
	if staff {
		fields = append(fields,
			ui.Field{Name: "hosted", Label: p.T("fair.hosted"), Type: "check", Value: yes(x.Hosted)},
			ui.Field{Name: "newcomer", Label: p.T("fair.newcomer"), Type: "check", Value: yes(x.Newcomer)},
			ui.Field{Name: "min", Label: p.T("fair.min"), Type: "number", Value: optional(x.Min), Short: true, Hint: p.T("fair.as_fair")},
			ui.Field{Name: "max", Label: p.T("fair.max"), Type: "number", Value: optional(x.Max), Short: true, Hint: p.T("fair.as_fair")},
		)
	}
	return append(fields, ui.Field{Name: "note", Label: p.T("fair.note"), Type: "text-area", Rows: 2, Value: x.Note, Max: 2000})
}

// typed is a party as the form of the request has it, or as it is where that is
// another form or none.
func typed(c echo.Context, held *scene.FairParty) *scene.FairParty {
	if c.Request().Method != http.MethodPost || c.FormValue("revision") == "" {
		return held
	}
	form, _ := ReadParty(c) // a number that is none is the fault, and the rest was typed
	x := *held
	x.Share, x.Hosted, x.Newcomer, x.Min, x.Max = form.Share, form.Hosted, form.Newcomer, form.Min, form.Max
	x.Languages, x.Away, x.Delegates, x.Listings, x.Note = form.Languages, form.Away, form.Delegates, form.Listings, form.Note
	return &x
}

// ReadParty reads a party's form.
func ReadParty(c echo.Context) (convene.PartyForm, error) {
	form, err := c.FormParams()
	if err != nil {
		return convene.PartyForm{}, &scene.Error{Code: scene.Invalid, Op: "fair.ReadParty", Err: err}
	}
	out := convene.PartyForm{
		Name: form.Get("name"), Share: form.Get("share") == "yes", Hosted: form.Get("hosted") == "yes", Newcomer: form.Get("newcomer") == "yes",
		Languages: form["languages"], Away: form["away"], Delegates: Delegates(form.Get("delegates")), Note: strings.TrimSpace(form.Get("note")),
		Revision: edge.Number(form.Get("revision")),
	}
	for _, value := range form["listings"] {
		kind, id, _ := strings.Cut(value, ":")
		out.Listings = append(out.Listings, scene.FairListing{Kind: scene.Kind(kind), ID: scene.ID(id)})
	}
	if out.Min, err = number(form.Get("min"), "min"); err == nil {
		out.Max, err = number(form.Get("max"), "max")
	}
	return out, err
}

// Late says by how much the hall is behind, and from when on where that is still to come;
// of one that no longer is, that the hours announced hold again; "" where it never was.
func Late(p *ui.Page, f *scene.Fair, now time.Time) string {
	if f.Late == 0 && len(f.Delays) > 0 && f.Until().After(now) {
		return p.T("fair.late.back")
	}
	if f.Late == 0 {
		return ""
	}
	if n := len(f.Delays); n > 0 && f.Delays[n-1].From.After(now) && f.Delays[n-1].From.After(f.Start()) {
		return p.T("fair.late.from", "minutes", f.Late, "time", ui.Clock(f.Delays[n-1].From))
	}
	return p.T("fair.late.text", "minutes", f.Late)
}

// Faults lists what is wrong with single fields, in the order found.
func Faults(p *ui.Page, err error) (string, []string) {
	if err == nil {
		return "", nil
	}
	var list []string
	for _, f := range fieldsOf(err) {
		list = append(list, p.T(f.Key, pairs(f.Args)...))
	}
	return frame.Sentence(p.Lang, err), list
}

// When is day and hours of an event, with the delay of the hall.
func When(p *ui.Page, f *scene.Fair) string {
	start, end := f.Hours(f.Start(), f.End())
	return ui.Hours(p.Lang, start, end)
}

// Shifted says of a page with hours that a delay is in them, or that it was taken back; ""
// where there was none.
func Shifted(p *ui.Page, f *scene.Fair, now time.Time) string {
	late := Late(p, f, now)
	if f.Late == 0 {
		return late
	}
	return p.T("fair.grid.late", "late", late)
}

// Interpreter says which languages the interpreter of a meeting of two parties speaks.
func Interpreter(p *ui.Page, board *convene.Board, a, b scene.ID) string {
	name := func(id scene.ID) string {
		code := convene.Speaks(board.Parties[id])[0]
		if key := "fair.language." + code; p.Has(key) {
			return p.T(key)
		}
		return code
	}
	return p.T("fair.interpreted", "a", name(a), "b", name(b))
}
