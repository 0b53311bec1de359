package scene

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// HookForm is how a receiver is spoken to.
type HookForm string

// The forms.
const (
	HookStandard HookForm = "standard" // Standard Webhooks: signed CloudEvents
	HookWeCom    HookForm = "wecom"    // robot of a group in 企业微信
	HookDingTalk HookForm = "dingtalk" // in 钉钉
	HookFeishu   HookForm = "feishu"   // in 飞书
)

// HookForms returns all forms, in the order in which they are offered.
func HookForms() []HookForm { return []HookForm{HookStandard, HookWeCom, HookDingTalk, HookFeishu} }

// HookState is whether a receiver is sent to.
type HookState string

// The states.
const (
	HookActive   HookState = "active"
	HookDisabled HookState = "disabled" // by its owner, or because it failed for days
)

// Webhook is a receiver of another system, or the robot of a group (接收地址).
type Webhook struct {
	ID       ID       `json:"id"`
	Revision int      `json:"revision"` // starts at 1, rises with every write
	Account  ID       `json:"account"`  // who set it up, and is told when it fails
	OrgID    ID       `json:"org_id,omitempty"`
	Name     string   `json:"name"`
	URL      string   `json:"url"`
	Form     HookForm `json:"form"`
	// Secret signs: whsec_… in the standard form, that of the robot elsewhere,
	// which may have none. Old signs beside it until OldUntil, so that a receiver
	// can change over. Neither is ever shown again.
	Secret   string    `json:"secret,omitempty"`
	Old      string    `json:"old,omitempty"`
	OldUntil time.Time `json:"old_until,omitzero"`
	// Subjects are the events it is sent, "<noun>.<verb>", with * for a part; for
	// the standard form. None are none.
	Subjects []string `json:"subjects,omitempty"`
	// Notices says that it is sent what its owner is told.
	Notices bool      `json:"notices,omitempty"`
	State   HookState `json:"state"`
	// Failing is since when nothing has gone through; zero: it goes through.
	Failing time.Time `json:"failing,omitzero"`
	Created time.Time `json:"created"`
	Updated time.Time `json:"updated"`
}

// Bare is w without its secrets and the key that the address of a robot holds:
// what is recorded and shown.
func (w Webhook) Bare() Webhook {
	w.Secret, w.Old = "", ""
	if u, err := url.Parse(w.URL); err == nil {
		if w.Form != HookStandard {
			u.RawQuery = ""
			if at := strings.LastIndexByte(u.Path, '/'); w.Form == HookFeishu && at >= 0 {
				u.Path = u.Path[:at+1]
			}
		}
		u.User = nil
		w.URL = u.String()
	}
	return w
}

// Wants reports whether the receiver is sent events of a subject.
func (w *Webhook) Wants(subject string) bool {
	noun, verb, _ := strings.Cut(subject, ".")
	return slices.ContainsFunc(w.Subjects, func(pattern string) bool {
		n, v, _ := strings.Cut(pattern, ".")
		return (n == "*" || n == noun) && (v == "*" || v == verb)
	})
}

// HookSubjects are the events that a receiver can be sent.
func HookSubjects() []string {
	return []string{EngagementChanged, OpportunityChanged, CapabilityChanged, OrganisationChanged}
}

// Validate checks w and returns an Invalid *Error with one field per fault, or nil.
func (w *Webhook) Validate() error {
	var f faults
	f.require("name", w.Name)
	f.tooLong("name", w.Name, 60)
	u, err := url.Parse(w.URL)
	f.check(err == nil && u != nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && len(w.URL) <= 1000, "url", "webhook.url")
	f.check(slices.Contains(HookForms(), w.Form), "form", "webhook.form")
	for _, s := range w.Subjects {
		f.check(slices.Contains(HookSubjects(), s), "subjects", "webhook.subjects")
	}
	f.check(w.Form == HookStandard || len(w.Subjects) == 0, "subjects", "webhook.robot_subjects")
	f.check(len(w.Subjects) > 0 || w.Notices, "subjects", "webhook.nothing")
	f.tooLong("secret", w.Secret, 200)
	return f.err("webhook.invalid")
}

// DeliveryState is what became of a message to a receiver.
type DeliveryState string

// The states.
const (
	DeliveryWaiting DeliveryState = "waiting" // for its turn, or for another try
	DeliveryDone    DeliveryState = "done"
	DeliveryFailed  DeliveryState = "failed" // given up
)

// Delivery is one message to a receiver, with what came of it.
type Delivery struct {
	ID      ID     `json:"id"`
	Webhook ID     `json:"webhook"`
	Message string `json:"message"` // webhook-id, the same at every try
	Subject string `json:"subject"`
	// Body is what is sent: a CloudEvent, or for a robot the text.
	Body  string        `json:"body"`
	State DeliveryState `json:"state"`
	Tries int           `json:"tries"`
	// Status and Answer are of the last try; Status 0 is that nobody answered, and
	// Answer then the key of a message that says why.
	Status int       `json:"status,omitempty"`
	Answer string    `json:"answer,omitempty"`
	At     time.Time `json:"at"`
	Due    time.Time `json:"due"`
	Done   time.Time `json:"done,omitzero"`
}
