package app

import (
	"context"
	"crypto/rand"
	"strings"

	"jinghe/internal/account"
	"jinghe/internal/notify/smtp"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// UserRequest is what the command line asks for an account.
type UserRequest struct {
	// Do is "add", "list", "disable", "enable", "reset" or "roles".
	Do         string       `json:"do"`
	Login      string       `json:"login,omitempty"`
	Name       string       `json:"name,omitempty"`
	Mail       string       `json:"mail,omitempty"`
	Org        string       `json:"org,omitempty"` // credit code or name of an organisation
	Department string       `json:"department,omitempty"`
	Roles      []scene.Role `json:"roles,omitempty"`
	Password   string       `json:"password,omitempty"`
}

// UserReport is what became of it.
type UserReport struct {
	Accounts []scene.Account `json:"accounts"`
	// Password is one that was made up; it is told this once.
	Password string `json:"password,omitempty"`
}

// openAccounts builds the services of accounts and of telling people on the open rows.
func (a *App) openAccounts(ctx context.Context) (err error) {
	key, err := a.secretKey(ctx)
	if err != nil {
		return err
	}
	if err := a.markSecret(ctx, key); err != nil {
		return err
	}
	var mailer account.Mailer
	if a.cfg.SMTP != "" {
		if mailer, err = smtp.New(a.cfg.SMTP, a.cfg.MailFrom, smtp.Options{}); err != nil {
			return err
		}
		a.mailer = mailer
	}
	if err := a.openNotices(mailer); err != nil {
		return err
	}
	a.accounts, err = account.New(account.Config{
		Store: a.store, IDs: a.ids, Now: a.o.Now, Random: rand.Reader, Log: a.log, StaffByPassword: a.o.Demo, Mailer: mailer, Key: key,
		Link: a.link,
	})
	return err
}

// link makes the absolute address of a path, "" where the installation does not know its own.
func (a *App) link(path string) string {
	if a.cfg.PublicURL == "" {
		return ""
	}
	return strings.TrimRight(a.cfg.PublicURL, "/") + path
}

// User makes, lists or changes accounts, as the person at the machine.
func (a *App) User(ctx context.Context, r UserRequest) (report UserReport, err error) {
	by := scene.Console()
	var done scene.Account
	switch r.Do {
	case "list":
		report.Accounts, err = a.allAccounts(ctx)
		return report, err
	case "add":
		var org scene.ID
		if org, err = a.organisationOf(ctx, r.Org); err != nil {
			return report, err
		}
		done, report.Password, err = a.accounts.Add(ctx, by, account.NewAccount{
			Login: r.Login, Name: r.Name, Mail: r.Mail, OrgID: org, Department: r.Department, Roles: r.Roles, Password: r.Password,
		})
	default:
		done, report.Password, err = a.changeUser(ctx, by, r)
	}
	if err != nil {
		return UserReport{}, scene.Wrap("app.User", err)
	}
	report.Accounts = []scene.Account{done}
	return report, nil
}

func (a *App) changeUser(ctx context.Context, by scene.Actor, r UserRequest) (done scene.Account, password string, err error) {
	held, err := a.accounts.Find(ctx, by, r.Login)
	if err != nil {
		return held, "", err
	}
	switch r.Do {
	case "disable":
		done, err = a.accounts.Disable(ctx, by, held.ID, "")
	case "enable":
		done, err = a.accounts.Enable(ctx, by, held.ID)
	case "reset":
		done, password, err = a.accounts.Reset(ctx, by, held.ID)
	case "roles":
		department := r.Department
		if department == "" {
			department = held.Department
		}
		done, err = a.accounts.SetRoles(ctx, by, held.ID, r.Roles, department)
	default:
		err = &scene.Error{Code: scene.Invalid, Key: "error.invalid"}
	}
	return done, password, err
}

func (a *App) allAccounts(ctx context.Context) (all []scene.Account, err error) {
	page := store.Page{Limit: store.MaxPage}
	for {
		rows, err := a.accounts.Accounts(ctx, scene.Console(), store.AccountFilter{}, page)
		if err != nil {
			return nil, err
		}
		all = append(all, rows.Items...)
		if page.After = rows.Next; page.After == "" {
			return all, nil
		}
	}
}

// organisationOf finds the organisation with that credit code or name; the
// empty text is none.
func (a *App) organisationOf(ctx context.Context, text string) (id scene.ID, err error) {
	if text == "" {
		return "", nil
	}
	code, err := scene.ParseCreditCode(text)
	if err != nil {
		code = ""
	}
	err = a.store.View(ctx, func(tx store.Tx) error {
		o, err := tx.Organisations().Find(ctx, code, scene.NameKey(text))
		id = o.ID
		return err
	})
	return id, scene.Wrap("app.organisationOf", err)
}

// DemoAccounts makes one throw-away account for each role, all of a city of
// the demo, and returns them with their passwords. Where accounts exist
// already it makes none.
func (a *App) DemoAccounts(ctx context.Context) ([]DemoAccount, error) {
	held, err := a.allAccounts(ctx)
	if err != nil || len(held) > 0 {
		return nil, scene.Wrap("app.DemoAccounts", err)
	}
	var list []DemoAccount
	people := map[scene.Role]scene.Account{}
	for _, role := range scene.Roles() {
		n := account.NewAccount{Login: string(role), Name: demoName(role), Roles: []scene.Role{role}}
		switch role {
		case scene.RoleOwner, scene.RoleProvider:
			if n.OrgID, err = a.someOwner(ctx, role); err != nil {
				return nil, scene.Wrap("app.DemoAccounts", err)
			}
		case scene.RoleAttendee:
			if n.OrgID, err = a.demoGuest(ctx); err != nil {
				return nil, scene.Wrap("app.DemoAccounts", err)
			}
		case scene.RoleDepartment:
			if n.Department, err = a.someDepartment(ctx); err != nil {
				return nil, scene.Wrap("app.DemoAccounts", err)
			}
		}
		made, password, err := a.accounts.AddWorking(ctx, scene.Console(), n)
		if err != nil {
			return nil, scene.Wrap("app.DemoAccounts", err)
		}
		people[role] = made
		list = append(list, DemoAccount{Role: role, Login: n.Login, Password: password})
	}
	if err := a.demoWork(ctx, people); err != nil {
		return nil, scene.Wrap("app.DemoAccounts", err)
	}
	if err := a.demoPairs(ctx, people); err != nil {
		return nil, scene.Wrap("app.DemoAccounts", err)
	}
	organiser, guest := people[scene.RoleOrganiser], people[scene.RoleAttendee]
	return list, scene.Wrap("app.DemoAccounts", a.demoFairs(ctx, organiser.Actor(""), &guest))
}

// DemoPage is the address of the personal page of the attendee among [App.DemoAccounts]:
// that of the event that is on, or else of the next one.
func (a *App) DemoPage(ctx context.Context) (string, error) {
	guest, err := a.accounts.Find(ctx, scene.Console(), string(scene.RoleAttendee))
	if err != nil {
		return "", scene.Wrap("app.DemoPage", err)
	}
	links, err := a.fairs.Links(ctx, &guest)
	if err != nil || len(links) == 0 {
		return "", scene.Wrap("app.DemoPage", err)
	}
	return strings.TrimRight(a.URL(), "/") + "/e/" + links[0].Delegate.Code, nil
}

// demoTokenDays is how long the token of a demo lives.
const demoTokenDays = 7

// DemoToken makes an access token of the provider among [App.DemoAccounts], with
// which the commands at /developers can be run.
func (a *App) DemoToken(ctx context.Context) (string, error) {
	p, err := a.accounts.Find(ctx, scene.Console(), string(scene.RoleProvider))
	if err != nil {
		return "", scene.Wrap("app.DemoToken", err)
	}
	_, secret, err := a.accounts.MakeToken(ctx, p.Actor(""), account.NewToken{
		Name: "demo", Scopes: []scene.Scope{scene.ScopeRead, scene.ScopeMatch, scene.ScopeWriteListings}, Days: demoTokenDays,
	})
	return secret, scene.Wrap("app.DemoToken", err)
}

// DemoAccount is a throw-away account of the sample city.
type DemoAccount struct {
	Role            scene.Role
	Login, Password string
}

// someOwner returns the organisation of the first listing of the role's side.
func (a *App) someOwner(ctx context.Context, role scene.Role) (id scene.ID, err error) {
	err = a.store.View(ctx, func(tx store.Tx) error {
		f, page := store.ListingFilter{States: []scene.State{scene.Published}}, store.Page{Limit: 1}
		if role == scene.RoleOwner {
			rows, err := tx.Opportunities().List(ctx, f, page)
			if err == nil && len(rows.Items) > 0 {
				id = rows.Items[0].OrgID
			}
			return err
		}
		rows, err := tx.Capabilities().List(ctx, f, page)
		if err == nil && len(rows.Items) > 0 {
			id = rows.Items[0].OrgID
		}
		return err
	})
	return id, err
}

// someDepartment returns the leading department of an opportunity that has one.
func (a *App) someDepartment(ctx context.Context) (name string, err error) {
	err = a.store.View(ctx, func(tx store.Tx) error {
		rows, err := tx.Opportunities().List(ctx, store.ListingFilter{}, store.Page{Limit: store.MaxPage})
		for i := range rows.Items {
			if name == "" {
				name = rows.Items[i].Department
			}
		}
		return err
	})
	if name == "" {
		name = "数据局"
	}
	return name, err
}
