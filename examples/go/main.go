// A result of ln.customs reaches hl.border, which asks what it need not inspect again.
//
//	go run . [reference] [NATS URL] [credentials directory]
//
// MESH_NATS_URL and MESH_CREDS stand in for the last two.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

type object = map[string]any

// A Receipt answers results.submit.
type Receipt struct {
	ResultID string `json:"resultId"`
	Version  int    `json:"version"`
	Status   string `json:"status"`
	Digest   string `json:"digest"`
}

// A View is a result as this unit may see it.
type View struct {
	ResultID string          `json:"resultId"`
	Issuer   string          `json:"issuer"`
	Content  json.RawMessage `json:"content"`
	Withheld []struct {
		Path, Entry, LegalBasis, Access string
	} `json:"withheld"`
}

// A Recognition says, per check, what is relied on or why it must be performed.
type Recognition struct {
	RecognitionID string `json:"recognitionId"`
	Outcome       string `json:"outcome"`
	Checks        []struct {
		Type, Decision string
		By             []struct{ ResultID, Issuer string }
		Reasons        []struct {
			Code    string
			Message Text
		}
	} `json:"checks"`
}

// A Text is said in Chinese and English.
type Text struct{ Zh, En string }

// region connect
func connectBackend(unit, url, creds string) (*nats.Conn, error) {
	return nats.Connect(url,
		nats.UserCredentials(filepath.Join(creds, unit, "backend.creds")),
		nats.CustomInboxPrefix("_INBOX_backend"), // the credentials allow no other
		nats.Name(unit+" example"),
		nats.MaxReconnects(-1), // a backend outlives a restart of the broker
	)
}

// endregion connect

// region request

// A Refusal is a refused request: its status and the problem document (RFC 9457).
type Refusal struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Errors []struct {
		Pointer, Code string
		Message       Text
	} `json:"errors"`
}

func (r *Refusal) Error() string { return fmt.Sprintf("%d %s: %s", r.Status, r.Code, r.Detail) }

// request sends one request and reads its reply. It repeats what may be repeated; the rest is a *Refusal.
func request(backend *nats.Conn, subject string, body, reply any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		wait := 2
		answer, err := backend.Request(subject, data, 10*time.Second)
		switch {
		case errors.Is(err, nats.ErrNoResponders), errors.Is(err, nats.ErrTimeout):
			// Nobody listens, or the reply did not come: the same request again is safe.
			if attempt == 5 {
				return err
			}
		case err != nil:
			return err
		case answer.Header.Get("Nats-Service-Error-Code") == "":
			return json.Unmarshal(answer.Data, reply)
		default:
			refusal := &Refusal{}
			if err := json.Unmarshal(answer.Data, refusal); err != nil {
				return err
			}
			retryAfter := answer.Header.Get("Retry-After") // seconds; only 429 and 503 have it
			if retryAfter == "" || attempt == 5 {
				return refusal
			}
			if wait, err = strconv.Atoi(retryAfter); err != nil {
				return err
			}
		}
		time.Sleep(time.Duration(wait) * time.Second)
	}
}

// endregion request

func submit(customs *nats.Conn, content object) (Receipt, error) {
	var receipt, again Receipt
	if err := request(customs, "results.submit", content, &receipt); err != nil {
		return receipt, err
	}
	fmt.Println("submitted", receipt.ResultID, "version", receipt.Version, receipt.Status, receipt.Digest)
	if err := request(customs, "results.submit", content, &again); err != nil {
		return receipt, err
	}
	return receipt, expect(again.ResultID == receipt.ResultID, "the same reference with the same content is the same result")
}

// region receive

// openEvents makes a durable pull consumer on EVENTS: its position is kept on the server under this name.
func openEvents(ctx context.Context, border *nats.Conn) (jetstream.Consumer, error) {
	js, err := jetstream.New(border)
	if err != nil {
		return nil, err
	}
	return js.CreateOrUpdateConsumer(ctx, "EVENTS", jetstream.ConsumerConfig{
		Durable:       "example-go",
		FilterSubject: "events.result.received",
		AckPolicy:     jetstream.AckExplicitPolicy,
		DeliverPolicy: jetstream.DeliverAllPolicy,
	})
}

// receive acknowledges each event after it was handled, so that none is lost.
func receive(events jetstream.Consumer, resultID string) (*View, error) {
	seen := map[string]bool{} // in a real backend: a unique column beside what the event changed
	for until := time.Now().Add(time.Minute); time.Now().Before(until); {
		batch, err := events.Fetch(100, jetstream.FetchMaxWait(5*time.Second))
		if err != nil {
			return nil, err
		}
		for message := range batch.Messages() {
			id, about := message.Headers().Get("ce-id"), message.Headers().Get("ce-subject")
			var view *View
			if !seen[id] && about == resultID {
				if view, err = showEvent(message); err != nil {
					return nil, err
				}
			}
			seen[id] = true
			if err := message.Ack(); err != nil {
				return nil, err
			}
			if view != nil {
				return view, nil
			}
		}
	}
	return nil, errors.New("no event about the result within a minute")
}

func showEvent(message jetstream.Msg) (*View, error) {
	view := &View{}
	if err := json.Unmarshal(message.Data(), view); err != nil {
		return nil, err
	}
	fmt.Println("received", view.ResultID, "from", view.Issuer)
	for _, name := range []string{"ce-id", "ce-type", "ce-source", "ce-time", "Nats-Msg-Id", "traceparent"} {
		fmt.Printf("  %s: %s\n", name, message.Headers().Get(name))
	}
	fmt.Println("  content:", string(view.Content))
	for _, item := range view.Withheld {
		fmt.Printf("  withheld: %s by %s (%s) %s\n", item.Path, item.Entry, item.Access, item.LegalBasis)
	}
	return view, nil
}

// endregion receive

func showRefusal(customs *nats.Conn, content object) error {
	content["reference"] = content["reference"].(string) + "-bad"
	content["remark"] = "no such member"
	content["containers"] = []object{{"number": "CSQU3054384"}} // the check digit is 3
	err := request(customs, "results.submit", content, &Receipt{})
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		return fmt.Errorf("a wrong check digit was not refused: %v", err)
	}
	fmt.Println("refused", refusal.Status, refusal.Code)
	for _, each := range refusal.Errors {
		fmt.Printf("  %s %s: %s / %s\n", each.Pointer, each.Code, each.Message.Zh, each.Message.En)
	}
	return expect(refusal.Status == 400, "a wrong check digit is refused with 400")
}

func askRecognition(border *nats.Conn, reference string) error {
	var recognition Recognition
	err := request(border, "recognitions.request", object{
		"reference":     reference,
		"location":      "CNHRB",
		"checks":        []string{"x-ray", "quarantine"},
		"consignment":   object{"containers": []string{"CSQU3054383"}, "declarationNumber": "090220261000000123", "items": []int{1}},
		"sealsObserved": []object{{"container": "CSQU3054383", "number": "H1234567", "condition": "intact"}},
	}, &recognition)
	if err != nil {
		return err
	}
	fmt.Println("recognition", recognition.RecognitionID, recognition.Outcome)
	for _, check := range recognition.Checks {
		fmt.Printf("  %s: %s\n", check.Type, check.Decision)
		for _, by := range check.By {
			fmt.Println("    by", by.ResultID, "of", by.Issuer)
		}
		for _, reason := range check.Reasons {
			fmt.Printf("    %s (%s)\n", reason.Code, reason.Message.En)
		}
	}
	return expect(recognition.Checks[0].Decision == "recognised", "the x-ray is recognised")
}

func run(reference, url, creds string) error {
	customs, err := connectBackend("ln.customs", url, creds)
	if err != nil {
		return err
	}
	defer customs.Drain()
	border, err := connectBackend("hl.border", url, creds)
	if err != nil {
		return err
	}
	defer border.Drain()

	events, err := openEvents(context.Background(), border)
	if err != nil {
		return err
	}
	content, err := examination(reference)
	if err != nil {
		return err
	}
	receipt, err := submit(customs, content)
	if err != nil {
		return err
	}
	view, err := receive(events, receipt.ResultID)
	if err != nil {
		return err
	}
	var withheld []string
	for _, item := range view.Withheld {
		withheld = append(withheld, item.Path)
	}
	if err := expect(slices.Contains(withheld, "/goods/0/value"), "the value of goods is withheld from border units"); err != nil {
		return err
	}
	if err := showRefusal(customs, content); err != nil {
		return err
	}
	return askRecognition(border, reference+"-hl")
}

// examination is the one that all examples submit, performed an hour ago.
func examination(reference string) (object, error) {
	text, err := os.ReadFile(filepath.Join("..", "customs-examination.json"))
	if err != nil {
		return nil, err
	}
	content := object{}
	if err := json.Unmarshal(text, &content); err != nil {
		return nil, err
	}
	const milliseconds = "2006-01-02T15:04:05.000Z07:00" // RFC 3339
	content["reference"] = reference
	content["checks"].([]any)[0].(object)["performedAt"] = time.Now().Add(-time.Hour).Format(milliseconds)
	content["validUntil"] = time.Now().AddDate(0, 0, 30).Format(milliseconds)
	return content, nil
}

func expect(condition bool, what string) error {
	if condition {
		return nil
	}
	return fmt.Errorf("not as expected: %s", what)
}

func argument(index int, variable, fallback string) string {
	if len(os.Args) > index {
		return os.Args[index]
	}
	if value := os.Getenv(variable); value != "" {
		return value
	}
	return fallback
}

func main() {
	reference := argument(1, "", fmt.Sprintf("EXAMPLE-GO-%d", time.Now().UnixNano()))
	url := argument(2, "MESH_NATS_URL", "nats://127.0.0.1:14222")
	creds := argument(3, "MESH_CREDS", "../../.mesh/creds") // `go run .` is in examples/go
	if err := run(reference, url, creds); err != nil {
		log.Fatal(err)
	}
}
