#include "app/cli/ladder.hpp"

#include <algorithm>
#include <array>

#include "app/cli/columns.hpp"
#include "core/model/call.hpp"
#include "core/story/words.hpp"

namespace socketscope::cli {
namespace {

using model::Host;
using model::RefKind;
using story::Event;
using story::kNone;
using story::MarkKind;
using story::Story;

constexpr std::size_t kTimeWidth = 9;
constexpr std::size_t kIndent = 2;  // of the second line of a call

// Where things stand in a row: time, client's calls, lifeline, wire, lifeline, server's calls.
class Page {
public:
    Page(std::size_t width, bool wire, bool unicode) : unicode_(unicode) {
        const std::size_t room = std::max<std::size_t>(width, 72) - kTimeWidth - 4;
        wire_ = wire ? room * 29 / 100 : 3;
        side_ = (room - wire_) / 2;
    }
    std::size_t side() const { return side_; }
    std::size_t wire() const { return wire_; }

    // A program that waits has a dotted lifeline.
    void set_waiting(int side, bool waiting) { waiting_[static_cast<std::size_t>(side)] = waiting; }

    void row(const std::string& time, const std::string& left, const std::string& wire,
             const std::string& right) {
        const auto lefts = wrapped(shown(left), side_ - 1, kIndent);
        const auto rights = wrapped(shown(right), side_ - 1, kIndent);
        for (std::size_t i = 0; i < std::max(lefts.size(), rights.size()); ++i) {
            std::string line(kTimeWidth - std::min(kTimeWidth, columns(i == 0 ? time : "")), ' ');
            line += (i == 0 ? time : "") + std::string(" ") + padded(i < lefts.size() ? lefts[i] : "", side_);
            if (i == 0 && !wire.empty())
                line += wire;
            else
                line += life(0) + std::string(wire_, ' ') + life(1);
            line += " " + (i < rights.size() ? rights[i] : "");
            put(line);
        }
    }

    // A sentence across the whole row.
    void remark(const std::string& text) {
        for (const std::string& line : wrapped(shown(text), 2 * side_ + wire_ - 4, kIndent))
            put(std::string(kTimeWidth + 1, ' ') + line);
    }

    void put(std::string line) {
        line.erase(line.find_last_not_of(' ') + 1);
        text_ += shown(line) + "\n";
    }
    // As it will be printed: to be measured only then, since ASCII may be longer.
    std::string shown(const std::string& text) const { return unicode_ ? text : to_ascii(text); }

    std::string life(int side) const { return waiting_[static_cast<std::size_t>(side)] ? "┊" : "│"; }

    // Both lifelines with an arrow between them. `part`: all of it, its beginning, its end, or up to where it was lost.
    enum class Part : std::uint8_t { whole, begin, end, lost };
    std::string arrow(Host from, const std::string& label, Part part) const {
        const bool right = from == Host::client;
        const std::string text = shortened(shown(label), wire_ > 4 ? wire_ - 4 : 1, unicode_);
        const std::size_t line = wire_ - std::min(wire_, columns(text) + 2);
        const std::size_t front = line / 2, back = line - front;
        std::string before, after;
        for (std::size_t i = 0; i < front; ++i) before += "─";
        for (std::size_t i = 0; i < back; ++i) after += "─";
        const std::string gap(right ? back : front, ' ');
        std::string head = right ? "▶" : "◀";
        // The half that lies at the other time is left out, so that the eye follows the slant.
        if (part == Part::begin) (right ? after : before) = dotted(right ? back : front);
        if (part == Part::end) (right ? before : after) = dotted(right ? front : back);
        if (part == Part::lost) {
            (right ? after : before) = gap;
            const std::string mark = "✗";
            if (right)
                after.replace(0, std::min<std::size_t>(after.size(), 1), mark);
            else if (!before.empty())
                before.replace(before.size() - 1, 1, mark);
        } else if (part != Part::begin) {
            if (right)
                after = after.substr(0, after.size() - std::min<std::size_t>(after.size(), 3)) + head;
            else
                before = head + before.substr(std::min<std::size_t>(before.size(), 3));
        }
        return life(0) + before + " " + text + " " + after + life(1);
    }

    std::string take() { return std::move(text_); }

private:
    static std::string dotted(std::size_t count) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i) text += i % 2 == 0 ? " " : "╌";
        return text;
    }

    bool unicode_;
    std::size_t side_{0}, wire_{0};
    std::array<bool, 2> waiting_{};
    std::string text_;
};

class Ladder {
public:
    Ladder(const Story& story, const LadderOptions& options)
        : story_(story),
          options_(options),
          page_(options.width, has_wire(story), options.unicode),
          name_connections_(several_connections()) {}

    std::string write() {
        head();
        rows();
        sent();
        given();
        lost();
        device_drops();
        return page_.take();
    }

private:
    static bool has_wire(const Story& story) { return story.trace().kind.domain != model::Domain::local; }

    int side_of(std::uint8_t endpoint) const {
        const auto& endpoints = story_.trace().endpoints;
        return endpoint < endpoints.size() && endpoints[endpoint].host == Host::server ? 1 : 0;
    }
    std::string name_of(std::uint8_t endpoint) const {
        const auto& endpoints = story_.trace().endpoints;
        return endpoint < endpoints.size() ? endpoints[endpoint].name : "?";
    }
    // Names are written only where a side has several programs.
    std::string prefix(std::uint8_t endpoint) const {
        const auto& endpoints = story_.trace().endpoints;
        const auto same = std::count_if(endpoints.begin(), endpoints.end(), [&](const trace::Endpoint& e) {
            return (e.host == Host::server) == (side_of(endpoint) == 1);
        });
        return same > 1 ? name_of(endpoint) + ": " : "";
    }
    std::string time(model::TimeNs at_ns) const { return model::format_ms(at_ns - story_.begin_ns(), 3); }

    void head() {
        std::string names[2];
        for (std::size_t e = 0; e < story_.trace().endpoints.size(); ++e) {
            std::string& side = names[side_of(static_cast<std::uint8_t>(e))];
            side += (side.empty() ? "" : ", ") + story_.trace().endpoints[e].name;
        }
        const std::string middle = has_wire(story_) ? "wire" : "";
        const std::size_t gap = (page_.wire() + 2 - middle.size()) / 2;
        std::string line = "  time ms " + padded(names[0], page_.side()) + std::string(gap, ' ') + middle;
        page_.put(padded(line, kTimeWidth + 1 + page_.side() + page_.wire() + 3) + names[1]);
    }

    void rows() {
        const auto events = story_.events();
        const std::size_t shown = std::min(events.size(), options_.most_rows);
        for (std::size_t i = 0; i < shown; ++i) i += event(events, i);
        if (shown < events.size())
            page_.put(std::string(kTimeWidth + 1, ' ') + "… and " + std::to_string(events.size() - shown) +
                      " events more");
        page_.put("");
    }

    // Writes one event and says how many of the following it has told too.
    std::size_t event(std::span<const Event> events, std::size_t i) {
        const Event& e = events[i];
        if (e.kind == MarkKind::lost) {
            page_.remark("✗ " + story_.describe(e));
            return 0;
        }
        switch (e.of) {
            case RefKind::call:
                call(e);
                return 0;
            case RefKind::note:
                note(e);
                return 0;
            case RefKind::packet:
                return packet(events, i);
            default:
                return 0;
        }
    }

    void side_row(const Event& e, const std::string& text) {
        const bool right = side_of(e.endpoint) == 1;
        page_.row(time(e.at_ns), right ? "" : prefix(e.endpoint) + text, "",
                  right ? prefix(e.endpoint) + text : "");
    }

    void call(const Event& e) {
        const model::CallRecord& record = story_.trace().calls[e.index];
        std::string text = story_.describe(e);
        const bool waited = e.kind != MarkKind::blocked && waiting_call_[side_of(e.endpoint)] == e.index;
        if (waited) {
            text += ", after " + model::format_duration(record.exit_ns - record.enter_ns);
            page_.set_waiting(side_of(e.endpoint), false);
            waiting_call_[side_of(e.endpoint)] = kNone;
        }
        side_row(e, text);
        if (e.kind != MarkKind::blocked) return;
        waiting_call_[side_of(e.endpoint)] = e.index;
        page_.set_waiting(side_of(e.endpoint), true);
    }

    void note(const Event& e) {
        const model::Note what = story_.trace().notes[e.index].what;
        const bool shown = what == model::Note::wait_begin || what == model::Note::sleep_begin ||
                           what == model::Note::sigpipe || what == model::Note::script_error ||
                           what == model::Note::remark || what == model::Note::overflow;
        if (shown) side_row(e, "(" + story_.describe(e) + ")");
    }

    // Of several connections each packet names its own, by the client host's port.
    static constexpr std::uint32_t kTcp = 6;
    std::uint32_t connection_of(std::uint32_t packet) const {
        const packet::Headers headers = story_.headers(packet);
        const bool from_client = story_.trace().packets[packet].from == Host::client;
        return std::uint32_t{from_client ? headers.from.port : headers.to.port} << 16 |
               (from_client ? headers.to.port : headers.from.port);
    }
    bool several_connections() const {
        std::uint32_t first = 0;
        for (std::uint32_t p = 0; p < story_.packets().size(); ++p) {
            if (story_.packets()[p].protocol != kTcp) continue;
            const std::uint32_t connection = connection_of(p);
            if (first != 0 && connection != first) return true;
            first = connection;
        }
        return false;
    }

    std::string label(std::uint32_t packet) const {
        std::string text = story_.describe_packet(packet);
        if (name_connections_ && story_.packets()[packet].protocol == kTcp)
            return again_first(text) + " :" + std::to_string(connection_of(packet) >> 16);
        return again_first(text);
    }
    static std::string again_first(const std::string& text) {
        constexpr std::string_view kAgain = " again";
        if (!text.ends_with(kAgain)) return text;
        return "↻ " + text.substr(0, text.size() - kAgain.size());
    }

    std::size_t packet(std::span<const Event> events, std::size_t i) {
        const Event& e = events[i];
        const Host from = story_.trace().packets[e.index].from;
        using Part = Page::Part;
        if (e.kind == MarkKind::packet_delivered) {
            page_.row(time(e.at_ns), "", page_.arrow(from, label(e.index), Part::end), "");
            return 0;
        }
        const bool same_next = i + 1 < events.size() && story_.ref(events[i + 1]) == story_.ref(e);
        const bool arrives = same_next && events[i + 1].kind == MarkKind::packet_delivered;
        const bool lost = same_next && events[i + 1].kind == MarkKind::lost;
        const std::string arrow = page_.arrow(from, label(e.index),
                                              arrives ? Part::whole
                                              : lost  ? Part::lost
                                                      : Part::begin);
        const std::string arrival = arrives ? "at " + time(events[i + 1].at_ns) : "";
        page_.row(time(e.at_ns), from == Host::server ? arrival : "", arrow,
                  from == Host::client ? arrival : "");
        return arrives ? 1 : 0;
    }

    void list_row(const std::string& first, const std::string& rest) {
        constexpr std::size_t kFirst = 34;
        const auto lines =
            wrapped(page_.shown(rest), options_.width > kFirst + 20 ? options_.width - kFirst - 4 : 40, 0);
        for (std::size_t i = 0; i < lines.size(); ++i)
            page_.put("  " + padded(i == 0 ? first : "", kFirst) +
                      (columns(first) > kFirst && i == 0 ? " " : "") + lines[i]);
    }

    template <typename List, typename Row>
    void list(const std::string& title, const List& items, Row row) {
        if (items.empty()) return;
        page_.put(title);
        const std::size_t shown = std::min<std::size_t>(items.size(), options_.most_rows);
        for (std::size_t i = 0; i < shown; ++i) row(items[i]);
        if (shown < items.size()) page_.put("  … and " + std::to_string(items.size() - shown) + " more");
        page_.put("");
    }

    std::string message_text(std::uint32_t message, std::uint32_t offset, std::uint32_t size) const {
        constexpr std::size_t kShown = 24;
        const auto& record = story_.trace().calls[story_.messages()[message].call];
        const std::string_view bytes = story_.trace().bytes(record.data);
        return "#" + std::to_string(story_.messages()[message].number) + " " +
               story::quoted(bytes.substr(std::min<std::size_t>(offset, bytes.size()), size), kShown);
    }

    void sent() {
        list("Sent", story_.messages(), [&](const story::Message& message) {
            const auto& record = story_.trace().calls[message.call];
            list_row("#" + std::to_string(message.number) + "  " + name_of(message.endpoint) + "  " +
                         std::string(model::row(record.call).name),
                     story::bytes_word(message.size) + "  " +
                         story::quoted(story_.trace().bytes(record.data).substr(0, message.size), 40));
        });
    }

    void given() {
        list("Given to the programs", story_.receives(), [&](const story::Receive& receive) {
            const auto& record = story_.trace().calls[receive.call];
            std::string what = story::bytes_word(receive.discarded ? 0 : record.data.size);
            if (receive.end_of_file) what = "end of file";
            std::string from;
            for (const story::Piece& piece : story_.pieces(receive.pieces))
                from += (from.empty() ? "  " : " + ") +
                        (piece.message == kNone ? story::bytes_word(piece.size) + " from the kernel"
                                                : message_text(piece.message, piece.offset, piece.size));
            if (receive.cut_bytes > 0) from += ", " + story::bytes_word(receive.cut_bytes) + " cut off";
            if (receive.peeked) from += " (peeked: they stay)";
            if (receive.error_queue) from += " (its own, back with an error)";
            list_row(name_of(receive.endpoint) + "  " + std::string(model::row(record.call).name) + " = " +
                         std::to_string(record.result),
                     what + from);
        });
    }

    void lost() {
        list("Lost", story_.losses(), [&](const story::Loss& loss) {
            std::string what = loss.packet != kNone ? story_.describe_packet(loss.packet) : std::string();
            if (what.empty() && loss.piece.message != kNone)
                what = "#" + std::to_string(story_.messages()[loss.piece.message].number) + ", " +
                       story::bytes_word(loss.piece.size);
            const bool copied = loss.packet != kNone && story_.packets()[loss.packet].protocol != kTcp;
            const std::string repair =
                copied ? " Another copy of it arrived." : " It was sent again and arrived.";
            list_row("✗ " + what, loss.why + (loss.repaired ? repair : ""));
        });
    }

    void device_drops() {
        for (const model::SampleRecord& sample : story_.trace().samples) {
            if (sample.what != model::Sample::device_drops) continue;
            const std::string host = sample.endpoint == 0 ? "client" : "server";
            const std::string text = "The network device of the " + host + " host dropped " +
                                     std::to_string(sample.value) + " packets before the wire read them.";
            for (const std::string& line : wrapped(text, options_.width, kIndent)) page_.put(line);
            page_.put("");
        }
    }

    const Story& story_;
    const LadderOptions& options_;
    Page page_;
    bool name_connections_;
    std::uint32_t waiting_call_[2]{kNone, kNone};
};

}  // namespace

std::string ladder(const Story& story, const LadderOptions& options) {
    return Ladder(story, options).write();
}

}  // namespace socketscope::cli
