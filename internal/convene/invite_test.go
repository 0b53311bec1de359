package convene_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

// letters is a mail server that keeps what it is given, or fails.
type letters struct {
	mu   sync.Mutex
	down bool
	out  []string // address, subject and text
}

// Send keeps one letter.
func (l *letters) Send(_ context.Context, to, subject, text string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down {
		return errors.New("down")
	}
	l.out = append(l.out, to+"\n"+subject+"\n"+text)
	return nil
}

func (h *hall) send() {
	h.t.Helper()
	if err := h.SendLetters(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// TestInvitations: a letter goes to everybody who has an address and a link, once,
// with the link; again to one who is asked for; after failures later.
func TestInvitations(t *testing.T) {
	t.Parallel()
	post := &letters{}
	h := newHallWith(t, nil, false)
	h.mail(post, "https://city.example")
	ctx := t.Context()
	f := h.fair()
	p := h.guests(f.ID, 3)
	if _, err := h.Amend(ctx, steward(), p[2].ID, convene.PartyForm{Name: p[2].Name, Delegates: []scene.Delegate{{ID: p[2].Delegates[0].ID, Name: "无邮箱"}}}); err != nil {
		t.Fatal(err)
	}
	if n, err := h.Invite(ctx, steward(), f.ID, ""); err != nil || n != 2 {
		t.Fatalf("%d asked for, %v", n, err)
	}
	_, err := h.Invite(ctx, steward(), f.ID, "")
	expectCode(t, "everybody has one", err, scene.Precondition, "fair.invite.nobody")
	post.down = true
	h.send()
	h.send() // not due again yet
	post.down = false
	h.setNow(morning().Add(time.Minute))
	h.send()
	h.send()
	if len(post.out) != 2 || !strings.Contains(post.out[0], "https://city.example/e/") || !strings.Contains(post.out[0], f.Title) {
		t.Fatalf("letters %q", post.out)
	}
	if n, err := h.Invite(ctx, steward(), f.ID, p[1].Delegates[0].ID); err != nil || n != 1 {
		t.Errorf("again: %d, %v", n, err)
	}
	if _, err := h.Renew(ctx, steward(), p[1].ID, p[1].Delegates[0].ID, true); err != nil {
		t.Fatal(err)
	}
	h.send() // its link was revoked meanwhile
	list, err := h.Invitations(ctx, steward(), f.ID)
	if err != nil || len(list) != 3 || len(post.out) != 2 {
		t.Fatalf("%d invitations, %d letters, %v", len(list), len(post.out), err)
	}
	if a, b, c := list[0].Letter, list[1].Letter, list[2].Letter; a == nil || a.Sent.IsZero() || a.Tries != 2 || b == nil || b.Fault != "fair.invite.gone" || c != nil {
		t.Errorf("letters %+v, %+v, %+v", a, b, c)
	}
}

// TestInvitationsGiveUp: after eight failures the page says that the address is wrong.
func TestInvitationsGiveUp(t *testing.T) {
	t.Parallel()
	h := newHallWith(t, nil, false)
	h.mail(&letters{down: true}, "https://city.example")
	f := h.fair()
	h.guests(f.ID, 1)
	if _, err := h.Invite(t.Context(), steward(), f.ID, ""); err != nil {
		t.Fatal(err)
	}
	for i := range 12 {
		h.setNow(morning().Add(time.Duration(i) * 3 * time.Hour))
		h.send()
	}
	list, err := h.Invitations(t.Context(), steward(), f.ID)
	if err != nil || list[0].Letter.Tries != 8 || list[0].Letter.Fault != "fair.invite.failed" {
		t.Errorf("letter %+v, %v", list[0].Letter, err)
	}
}

// TestInvitationsNeedMail: without a mail server or an address of its own the
// centre is told so, and has the list.
func TestInvitationsNeedMail(t *testing.T) {
	t.Parallel()
	for name, mail := range map[string]func(*hall){
		"no server": func(h *hall) { h.mail(nil, "https://city.example") }, "no address": func(h *hall) { h.mail(&letters{}, "") },
	} {
		h := newHallWith(t, nil, false)
		mail(h)
		f := h.fair()
		h.guests(f.ID, 1)
		_, err := h.Invite(t.Context(), steward(), f.ID, "")
		expectCode(t, name, err, scene.Precondition, "fair.invite.no_mail")
		if list, err := h.Invitations(t.Context(), steward(), f.ID); err != nil || len(list) != 1 || list[0].Delegate.Code == "" {
			t.Errorf("%s: list %+v, %v", name, list, err)
		}
		_, err = h.Invitations(t.Context(), ofOrg("o"), f.ID)
		expectCode(t, "links for anybody", err, scene.Forbidden, "permission.role")
	}
}

// TestDecisionsAreTold: whoever signed up hears how it was decided, and that it
// moved up.
func TestDecisionsAreTold(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	f := h.fair(func(f *scene.Fair) { f.Capacity = 1 })
	p := h.owners(f.ID, 2)
	h.people(p)
	if _, err := h.Decide(t.Context(), steward(), p[0].ID, scene.PartyWithdrawn); err != nil {
		t.Fatal(err)
	}
	told := h.inboxes()
	if a, b := told["of-org0"], told["of-org1"]; len(a) != 1 || a[0].Key != "fair.told.withdrawn" || len(b) != 1 || b[0].Key != "fair.told.accepted" {
		t.Errorf("told %+v and %+v", a, b)
	}
}

// TestPublishWritesToGuests: delegates of parties without accounts are told of a version
// by letter, where it concerns them; one that fails is not in the way of the next version.
func TestPublishWritesToGuests(t *testing.T) {
	t.Parallel()
	post := &letters{}
	h := newHallWith(t, nil, false)
	h.mail(post, "https://city.example")
	f := h.fair(func(f *scene.Fair) { f.Min = 0 })
	p := h.guests(f.ID, 4)
	h.wish(p[0], scene.WishWant, p[1])
	h.wish(p[1], scene.WishWant, p[0])
	h.plan(f.ID)
	post.down = true
	h.send()
	post.down = false
	h.setNow(morning().Add(time.Minute))
	h.send()
	h.send()
	if len(post.out) != 2 || !strings.Contains(post.out[0], "已公布") || !strings.Contains(post.out[0], "1 场会谈") || !strings.Contains(post.out[0], "https://city.example/e/"+p[0].Delegates[0].Code) {
		t.Fatalf("letters %q", post.out)
	}
	heard, err := h.Heard(t.Context(), steward(), f.ID)
	if err != nil || len(heard) != 2 || heard[0].Letters != 1 || !heard[0].Told() {
		t.Errorf("heard %+v, %v", heard, err)
	}

	h.wish(p[2], scene.WishWant, p[3])
	h.wish(p[3], scene.WishWant, p[2])
	h.plan(f.ID)
	h.send()
	if len(post.out) != 4 || !strings.Contains(post.out[2], "第 2 版") || !strings.HasPrefix(post.out[2], "d02@") || !strings.HasPrefix(post.out[3], "d03@") {
		t.Errorf("letters %q", post.out)
	}
}

// sluggish is a mail server that takes its time and fails.
type sluggish struct {
	tries int
	takes func()
}

func (l *sluggish) Send(context.Context, string, string, string) error {
	l.tries++
	l.takes()
	return errors.New("no answer")
}

// TestLettersKeepNothingWaiting: a mail server that does not answer ends a round early, and
// every letter has its turn all the same.
func TestLettersKeepNothingWaiting(t *testing.T) {
	t.Parallel()
	h := newHallWith(t, nil, false)
	at := morning()
	post := &sluggish{takes: func() { at = at.Add(6 * time.Second); h.setNow(at) }}
	h.mail(post, "https://city.example")
	f := h.fair(func(f *scene.Fair) { f.Min = 0 })
	h.guests(f.ID, 5)
	if _, err := h.Invite(t.Context(), steward(), f.ID, ""); err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{2, 4, 5} {
		if h.send(); post.tries != want {
			t.Errorf("%d letters tried after round %d, want %d", post.tries, i+1, want)
		}
	}
}
