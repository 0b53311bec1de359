// Package smtp sends mail through a server of the installation's choice.
//
// It stands on the third floor and is the only importer of the mail library.
// Who wants a mail sent declares a small interface of its own, such as
// account.Mailer; internal/app joins the two.
package smtp

import (
	"context"
	"crypto/tls"
	"net/url"
	"strconv"
	"time"

	mail "github.com/wneessen/go-mail"

	"jinghe/internal/scene"
)

// patience bounds one delivery, within that of the request that asks for it.
const patience = 10 * time.Second

// Server is a mail server and the sender that letters name. It is safe for
// concurrent use: each letter has a connection of its own.
type Server struct {
	client func() (*mail.Client, error)
	from   string
}

// Options are what New may be told beyond the address.
type Options struct {
	// TLS is the configuration of encrypted connections; nil is that of the system.
	TLS *tls.Config
}

// New reads an address: smtp://user:password@host:587 encrypts by STARTTLS and
// refuses to go on without, smtps://… encrypts from the first byte, and
// smtp+plain://host:25 encrypts where the server can, for a relay on the same
// machine or network. from is the sender's mail address. It returns an Invalid
// error with key config.smtp or config.mail_from.
func New(address, from string, o Options) (*Server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Path != "" && u.Path != "/" {
		return nil, invalid("config.smtp", "JINGHE_SMTP", nil) // the error quotes the address, which holds a password
	}
	if !scene.ValidMail(from) {
		return nil, invalid("config.mail_from", "JINGHE_MAIL_FROM", nil)
	}
	options, ok := transport(u)
	if !ok {
		return nil, invalid("config.smtp", "JINGHE_SMTP", nil)
	}
	if o.TLS != nil {
		options = append(options, mail.WithTLSConfig(o.TLS))
	}
	if user := u.User.Username(); user != "" {
		password, _ := u.User.Password()
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(user), mail.WithPassword(password))
	}
	options = append(options, mail.WithTimeout(patience))
	s := &Server{from: from, client: func() (*mail.Client, error) { return mail.NewClient(u.Hostname(), options...) }}
	if _, err := s.client(); err != nil {
		return nil, invalid("config.smtp", "JINGHE_SMTP", err)
	}
	return s, nil
}

// transport chooses encryption and port; a port in the address counts.
func transport(u *url.URL) (options []mail.Option, ok bool) {
	var port int
	switch u.Scheme {
	case "smtp":
		options, port = append(options, mail.WithTLSPolicy(mail.TLSMandatory)), 587
	case "smtps":
		options, port = append(options, mail.WithSSL()), 465
	case "smtp+plain":
		options, port = append(options, mail.WithTLSPolicy(mail.TLSOpportunistic)), 25
	default:
		return nil, false
	}
	if text := u.Port(); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, false
		}
		port = n
	}
	return append(options, mail.WithPort(port)), true
}

func invalid(key, setting string, err error) error {
	return &scene.Error{Code: scene.Invalid, Op: "smtp.New", Key: key, Args: map[string]any{"setting": setting}, Err: err}
}

// Send delivers one letter in plain text. A server that is away or refuses is
// an Unavailable error with key smtp.failed.
func (s *Server) Send(ctx context.Context, to, subject, text string) error {
	m := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := m.From(s.from); err != nil {
		return failed(err)
	}
	if err := m.To(to); err != nil {
		return failed(err)
	}
	m.Subject(subject)
	m.SetDate()
	m.SetMessageID()
	m.SetBodyString(mail.TypeTextPlain, text)
	client, err := s.client()
	if err != nil {
		return failed(err)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := client.DialAndSendWithContext(ctx, m); err != nil {
		return failed(err)
	}
	return nil
}

func failed(err error) error {
	return &scene.Error{Code: scene.Unavailable, Op: "smtp.Send", Key: "smtp.failed", Err: err}
}
