package scene

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var updateGolden = flag.Bool("update", false, "write golden files")

// TestPermissionTable writes the whole table out, so that a change to it is a
// change that somebody reads.
func TestPermissionTable(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	states := []State{Draft, Submitted, FormalReview, DepartmentReview, ExpertReview, Published, Paused, Expired, Closed, Landed}
	for _, do := range Actions() {
		for _, role := range Roles() {
			a := Actor{ID: "me", OrgID: "mine", Department: "水务局", Roles: []Role{role}}
			if !a.MayEver(do) {
				continue
			}
			fmt.Fprintf(&b, "%s %s:", do, role)
			for _, near := range []struct {
				name string
				to   Object
			}{
				{"self", Object{Account: "me"}}, {"own", Object{OrgID: "mine"}}, {"department", Object{Department: "水务局"}}, {"other", Object{OrgID: "theirs", Account: "you"}},
			} {
				for _, kind := range []Kind{KindOpportunity, KindCapability} {
					var in []string
					for _, s := range states {
						to := near.to
						to.Kind, to.State = kind, s
						if a.May(do, to) == nil {
							in = append(in, string(s))
						}
					}
					text := strings.Join(in, ",")
					if len(in) == len(states) {
						text = "any"
					}
					if text != "" {
						fmt.Fprintf(&b, " %s/%s=%s", near.name, kind[:3], text)
					}
				}
			}
			b.WriteByte('\n')
		}
	}
	const name = "testdata/permissions.golden"
	if *updateGolden {
		if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), want) {
		t.Errorf("the table is not that of %s (go test -update writes it):\n%s", name, b.Bytes())
	}
}

func TestMay(t *testing.T) {
	t.Parallel()
	own := Object{OrgID: "mine", Kind: KindCapability, State: Draft}
	tests := map[string]struct {
		actor Actor
		do    Action
		to    Object
		key   string
	}{
		"Visitor":         {Actor{}, ListingEdit, own, "permission.sign_in"},
		"Own":             {Actor{ID: "a", OrgID: "mine", Roles: []Role{RoleProvider}}, ListingEdit, own, ""},
		"Foreign":         {Actor{ID: "a", OrgID: "theirs", Roles: []Role{RoleProvider}}, ListingEdit, own, "permission.role"},
		"NoOrganisation":  {Actor{ID: "a", Roles: []Role{RoleProvider}}, ListingEdit, Object{State: Draft}, "permission.role"},
		"State":           {Actor{ID: "a", OrgID: "mine", Roles: []Role{RoleProvider}}, ListingEdit, Object{OrgID: "mine", State: Submitted}, "permission.state"},
		"OtherSide":       {Actor{ID: "a", OrgID: "mine", Roles: []Role{RoleProvider}}, ListingCreate, Object{OrgID: "mine", Kind: KindOpportunity}, "permission.role"},
		"BothSides":       {Actor{ID: "a", OrgID: "mine", Roles: []Role{RoleProvider, RoleOwner}}, ListingCreate, Object{OrgID: "mine", Kind: KindOpportunity}, ""},
		"OwnCase":         {Actor{ID: "a", OrgID: "mine", Roles: []Role{RoleSteward}}, ListingReview, Object{OrgID: "mine", State: Submitted}, "permission.role"},
		"Steward":         {Actor{ID: "a", Roles: []Role{RoleSteward}}, ListingReview, Object{OrgID: "mine", State: Submitted}, ""},
		"Department":      {Actor{ID: "a", Department: "水务局", Roles: []Role{RoleDepartment}}, ListingReview, Object{Department: " 水务局", State: DepartmentReview}, ""},
		"OtherDepartment": {Actor{ID: "a", Department: "教育局", Roles: []Role{RoleDepartment}}, ListingReview, Object{Department: "水务局", State: DepartmentReview}, "permission.role"},
		"NoDepartment":    {Actor{ID: "a", Roles: []Role{RoleDepartment}}, ListingReview, Object{State: DepartmentReview}, "permission.role"},
		"AdminReviews":    {Actor{ID: "a", Roles: []Role{RoleAdmin}}, ListingReview, Object{State: Submitted}, "permission.role"},
		"Unknown":         {Actor{ID: "a", Roles: Roles()}, "no.such", Object{}, "permission.role"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := tt.actor.May(tt.do, tt.to)
			if (err == nil) != (tt.key == "") || err != nil && keyOf(err) != tt.key {
				t.Errorf("got %v, want %q", err, tt.key)
			}
		})
	}
}

// TestDuties: who only looks changes nothing, and who manages accounts judges no entry.
func TestDuties(t *testing.T) {
	t.Parallel()
	auditor, admin := Actor{ID: "a", Roles: []Role{RoleAuditor}}, Actor{ID: "b", Roles: []Role{RoleAdmin}}
	reading := []Action{OpinionRead, AccountSelf, NoticeRead, AccountList, ConsoleEnter, OrganisationRead, ListingFollow, ListingRead, EngagementRead, EngagementFollow, AuditRead, FairRead}
	for _, do := range Actions() {
		if auditor.MayEver(do) && !slices.Contains(reading, do) {
			t.Errorf("an auditor may %s", do)
		}
		if admin.MayEver(do) && strings.HasPrefix(string(do), "listing.") {
			t.Errorf("an administrator may %s", do)
		}
	}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{" Li.Si ": "li.si", "LI-SI@Example.CN": "li-si@example.cn", "ｌｉ　ｓｉ": "lisi", "": ""} {
		if got := Login(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestValidMail(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"a@b.cn": true, "li.si+x@mail.example.com": true, "李四@例子.公司": true, "a@b": false, "@b.cn": false, "a b@c.cn": false,
		"a@b@c.cn": false, "a@b..cn": false, "a@b.cn\r\nBcc: x@y.cn": false, "": false,
	} {
		if ValidMail(s) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
}
