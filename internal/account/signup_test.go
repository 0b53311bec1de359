package account_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

func application(change ...func(*account.SignUp)) account.SignUp {
	n := account.SignUp{
		Login: "zhang", Name: "张工", Mail: "zhang@example.cn", Phone: "13900000000", Password: goodPassword,
		Org: "无锡穹顶机器人有限公司", CreditCode: "91350100M000100Y43", Roles: []scene.Role{scene.RoleProvider}, Solved: true,
		Consents: []scene.Consent{{Document: "privacy", Version: "1"}, {Document: "terms", Version: "1"}},
		Message:  func(link string) (string, string) { return "subject", "text " + link },
	}
	for _, f := range change {
		f(&n)
	}
	return n
}

// mailed gives a desk a mail server and an address of its own.
func mailed(d **desk) func(*account.Config) {
	return func(c *account.Config) {
		c.Mailer = mailer{d}
		c.Link = func(path string) string { return "https://scene.example.cn" + path }
	}
}

type mailer struct{ d **desk }

// Send hands the mail to the desk, which is made after its configuration.
func (m mailer) Send(ctx context.Context, to, subject, text string) error {
	return (*m.d).Send(ctx, to, subject, text)
}

// link is the token of the last mail that was sent.
func (d *desk) link() string {
	d.t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.sent) == 0 {
		d.t.Fatal("no mail was sent")
	}
	text := d.sent[len(d.sent)-1].text
	return text[strings.LastIndex(text, "/")+1:]
}

func TestSignUpFaults(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.add("taken", scene.RoleExpert)
	for name, tt := range map[string]struct {
		change func(*account.SignUp)
		key    string
	}{
		"CreditCode": {func(n *account.SignUp) { n.CreditCode = "91350100M000100Y44" }, "credit_code.checksum"},
		"Org":        {func(n *account.SignUp) { n.Org = " " }, "field.required"},
		"Roles":      {func(n *account.SignUp) { n.Roles = nil }, "account.role_missing"},
		"Staff":      {func(n *account.SignUp) { n.Roles = []scene.Role{scene.RoleAdmin} }, "permission.role"},
		"Phone":      {func(n *account.SignUp) { n.Phone = "12" }, "contact.phone"},
		"Consent":    {func(n *account.SignUp) { n.Consents = n.Consents[:1] }, "account.consent"},
		"Password":   {func(n *account.SignUp) { n.Password = "password123" }, "password.common"},
		"Taken":      {func(n *account.SignUp) { n.Login = "taken" }, "account.login_taken"},
		"OK":         {func(*account.SignUp) {}, ""},
	} {
		_, err := d.SignUp(t.Context(), application(tt.change))
		wantKey(t, name, err, tt.key)
	}
}

// TestSignUpByStaff: without a mail server the centre lets people in.
func TestSignUpByStaff(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a, err := d.SignUp(t.Context(), application())
	if err != nil || a.State != scene.AccountPending || a.Applied.Known {
		t.Fatalf("%+v, %v", a, err)
	}
	if _, err := d.try("zhang", goodPassword, "192.0.2.1"); scene.CodeOf(err) != scene.Unauthorized {
		t.Errorf("signed in before: %v", err)
	}
	if n, err := d.Waiting(t.Context()); n != 1 || err != nil {
		t.Errorf("%d waiting, %v", n, err)
	}
	steward := scene.Actor{ID: "s", Roles: []scene.Role{scene.RoleSteward}}
	_, err = d.Refuse(t.Context(), steward, a.ID, " ")
	wantKey(t, "refuse without a reason", err, "listing.reason_missing")
	a, err = d.Approve(t.Context(), steward, a.ID)
	if err != nil || a.OrgID == "" || a.Applied != nil {
		t.Fatalf("%+v, %v", a, err)
	}
	d.want(d.signIn("zhang"), "at:")
	_, err = d.Approve(t.Context(), steward, a.ID)
	wantKey(t, "approve twice", err, "account.not_pending")
	_, err = d.Approve(t.Context(), scene.Actor{ID: "x", Roles: []scene.Role{scene.RoleProvider}}, a.ID)
	wantKey(t, "by a provider", err, "permission.role")
	events, err := d.rows.Outbox().Pending(t.Context(), 10)
	if err != nil || len(events) != 1 || events[0].Subject != scene.OrganisationChanged {
		t.Errorf("events %+v, %v", events, err)
	}
	// The next one of that organisation is of one that is known.
	b, err := d.SignUp(t.Context(), application(func(n *account.SignUp) { n.Login = "li" }))
	if err != nil || !b.Applied.Known {
		t.Fatalf("%+v, %v", b, err)
	}
	if b, err = d.Refuse(t.Context(), steward, b.ID, "不是本单位人员"); err != nil || b.State != scene.AccountDisabled {
		t.Errorf("refused: %+v, %v", b, err)
	}
	d.recorded("account.refuse")
}

func TestSignUpByMail(t *testing.T) {
	t.Parallel()
	var d *desk
	d = newDesk(t, mailed(&d))
	a, err := d.SignUp(t.Context(), application())
	if err != nil || a.State != scene.AccountUnproven {
		t.Fatalf("%+v, %v", a, err)
	}
	token := d.link()
	if d.sent[0].to != "zhang@example.cn" || !strings.Contains(d.sent[0].text, "https://scene.example.cn/sign-up/mail/") {
		t.Errorf("mail %+v", d.sent[0])
	}
	if _, err := d.Accept(t.Context(), token, account.Joining{}); scene.CodeOf(err) != scene.NotFound {
		t.Errorf("the link of a mail as an invitation: %v", err)
	}
	if a, err = d.ProveMail(t.Context(), token, ""); err != nil || a.State != scene.AccountActive || a.OrgID == "" {
		t.Fatalf("%+v, %v", a, err)
	}
	_, err = d.ProveMail(t.Context(), token, "")
	wantKey(t, "twice", err, "token.not_found")
	d.signIn("zhang")

	// A known organisation still asks somebody.
	if _, err = d.SignUp(t.Context(), application(func(n *account.SignUp) { n.Login = "li" })); err != nil {
		t.Fatal(err)
	}
	if a, err = d.ProveMail(t.Context(), d.link(), ""); err != nil || a.State != scene.AccountPending || !a.MailProven {
		t.Errorf("of a known organisation: %+v, %v", a, err)
	}
	// So does a sign-up without the proof of work, and a link ends.
	a, err = d.SignUp(t.Context(), application(func(n *account.SignUp) { n.Login, n.Solved = "wu", false }))
	if err != nil || a.State != scene.AccountPending || len(d.sent) != 2 {
		t.Errorf("without the proof of work: %+v, %d mails, %v", a, len(d.sent), err)
	}
	if _, err = d.SignUp(t.Context(), application(func(n *account.SignUp) { n.Login = "zhou" })); err != nil {
		t.Fatal(err)
	}
	d.pass(49 * time.Hour)
	_, err = d.ProveMail(t.Context(), d.link(), "")
	wantKey(t, "too late", err, "token.not_found")
}

// broken is a mail server that is away.
type broken struct{}

// Send fails.
func (broken) Send(context.Context, string, string, string) error { return errors.New("away") }

// TestSignUpMailAway: a mail that cannot be sent leaves the sign-up to the centre.
func TestSignUpMailAway(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(c *account.Config) {
		c.Mailer = broken{}
		c.Link = func(path string) string { return "https://x" + path }
	})
	a, err := d.SignUp(t.Context(), application())
	if err != nil || a.State != scene.AccountPending {
		t.Fatalf("%+v, %v", a, err)
	}
	d.recorded("account.mail_failed")
}

func TestInvitation(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	host := d.add("zhang", scene.RoleProvider)
	by := host.Actor("192.0.2.1")
	for name, tt := range map[string]struct {
		by    scene.Actor
		roles []scene.Role
		key   string
	}{
		"NoRole":   {by, nil, "account.role_missing"},
		"NotMine":  {by, []scene.Role{scene.RoleOwner}, "permission.role"},
		"Staff":    {by, []scene.Role{scene.RoleAdmin}, "permission.role"},
		"Stranger": {scene.Actor{}, []scene.Role{scene.RoleProvider}, "permission.sign_in"},
		"Expert":   {scene.Actor{ID: "e", Roles: []scene.Role{scene.RoleExpert}}, []scene.Role{scene.RoleProvider}, "permission.role"},
	} {
		_, err := d.Invite(t.Context(), tt.by, tt.roles, "", nil)
		wantKey(t, name, err, tt.key)
	}
	invite := func() string {
		path, err := d.Invite(t.Context(), by, []scene.Role{scene.RoleProvider}, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimPrefix(path, "/invitations/")
	}
	joining := func(login string) account.Joining {
		return account.Joining{Login: login, Name: "李四", Password: goodPassword, Consents: application().Consents}
	}
	token := invite()
	bad := joining("li")
	bad.Consents = nil
	_, err := d.Accept(t.Context(), token, bad)
	wantKey(t, "without consent", err, "account.consent")
	_, err = d.Accept(t.Context(), token, joining("zhang"))
	wantKey(t, "login taken", err, "account.login_taken")

	var work sync.WaitGroup // of several at once, one joins
	joined := make(chan scene.ID, 4)
	for n := range 4 {
		work.Go(func() {
			if a, err := d.Accept(t.Context(), token, joining("li"+strconv.Itoa(n))); err == nil {
				joined <- a.OrgID
			} else if scene.CodeOf(err) != scene.NotFound {
				t.Error(err)
			}
		})
	}
	work.Wait()
	if len(joined) != 1 || <-joined != host.OrgID {
		t.Error("not one has joined")
	}
	late := invite()
	d.pass(8 * 24 * time.Hour)
	_, err = d.Accept(t.Context(), late, joining("wang"))
	wantKey(t, "too late", err, "token.not_found")
	list, err := d.Colleagues(t.Context(), by)
	if err != nil || len(list) != 2 {
		t.Errorf("%d colleagues, %v", len(list), err)
	}
}

// TestRevealContact: a contact is shown for a purpose, and that is recorded or it is not shown.
func TestRevealContact(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	want := scene.Contact{Person: "张三", Phone: "13900001111"}
	err := d.rows.Update(t.Context(), func(tx store.Tx) error {
		if _, err := tx.Opportunities().Put(t.Context(), scene.Opportunity{Listing: scene.Listing{ID: "o", Name: "需求", State: scene.Published, Contact: want}}); err != nil {
			return err
		}
		_, err := tx.Capabilities().Put(t.Context(), scene.Capability{Listing: scene.Listing{ID: "c", Name: "能力", State: scene.Published, Contact: want}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	steward := scene.Actor{ID: "s", Name: "steward", Roles: []scene.Role{scene.RoleSteward}}
	for id, kind := range map[scene.ID]scene.Kind{"o": scene.KindOpportunity, "c": scene.KindCapability} {
		got, err := d.RevealContact(t.Context(), steward, kind, id, "核实联系人是否在岗")
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", kind, got, err)
		}
		rows, err := d.Record(t.Context(), scene.Console(), store.AuditFilter{Row: id}, store.Page{})
		if err != nil || len(rows.Items) != 1 || rows.Items[0].Note != "核实联系人是否在岗" || rows.Items[0].Actor != "s" {
			t.Errorf("record: %+v, %v", rows.Items, err)
		}
	}
	_, err = d.RevealContact(t.Context(), steward, scene.KindCapability, "c", "看")
	wantKey(t, "without a purpose", err, "account.purpose")
	_, err = d.RevealContact(t.Context(), steward, "letter", "c", "核实联系人")
	wantKey(t, "of no kind", err, "listing.kind")
	got, err := d.RevealContact(t.Context(), scene.Actor{ID: "l", Roles: []scene.Role{scene.RoleLeader}}, scene.KindCapability, "c", "核实联系人")
	wantKey(t, "by a leader", err, "permission.role")
	if got.Known() {
		t.Error("a refusal shows the contact")
	}
}

// TestPuzzle: what one process gives out another on the same rows can check,
// and of all of them one counts it, once.
func TestPuzzle(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	other, err := account.New(d.Config)
	if err != nil {
		t.Fatal(err)
	}
	puzzle, err := d.Puzzle(t.Context(), "form")
	if err != nil {
		t.Fatal(err)
	}
	answer := solve(puzzle)
	use := func(s *account.Service, puzzle, answer, form string) bool {
		ok, err := s.Solved(t.Context(), puzzle, answer, form)
		if err != nil {
			t.Error(err)
		}
		return ok
	}
	for name, tt := range map[string]struct {
		puzzle, answer, form string
		after                time.Duration
	}{
		"Wrong":     {puzzle, "x" + answer, "form", 0},
		"Empty":     {puzzle, "", "form", 0},
		"OtherForm": {puzzle, answer, "another", 0},
		"Invented":  {"abc.def", answer, "form", 0},
		"Forged":    {puzzle[:len(puzzle)-1] + "!", answer, "form", 0},
		"Late":      {puzzle, answer, "form", 3 * time.Hour},
	} {
		d.pass(tt.after)
		if use(other, tt.puzzle, tt.answer, tt.form) {
			t.Errorf("%s: it counts", name)
		}
		d.pass(-tt.after)
	}
	if !use(other, puzzle, answer, "form") {
		t.Error("a solved puzzle does not count")
	}
	if use(d.Service, puzzle, answer, "form") || use(other, puzzle, answer, "form") {
		t.Error("a puzzle counts twice")
	}
}

// solve looks for the answer, as the script of the page does.
func solve(puzzle string) string {
	for n := 0; ; n++ {
		sum := sha256.Sum256([]byte(puzzle + "." + strconv.Itoa(n)))
		if sum[0] == 0 && sum[1] < 2 {
			return strconv.Itoa(n)
		}
	}
}
