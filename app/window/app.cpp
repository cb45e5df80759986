#include "app/window/app.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "app/panels/scale.hpp"
#include "app/player/event_filter.hpp"
#include "app/player/outcome.hpp"
#include "app/window/typed_path.hpp"
#include "app/window/user_folder.hpp"

namespace socketscope::window {
namespace {

constexpr int kSettleFrames = 4;
constexpr double kFrame_s = 1.0 / 62;    // the cap where no vsync brakes us
constexpr double kLongestSleep_s = 0.1;  // signals are looked for this often
constexpr float kSlowFrame_ms = 20;      // worth a line in the diary
constexpr double kFilterFrame_s = 0.05;  // what a running filter has found is shown this often
constexpr double kSessionPoll_s = 0.03;
constexpr double kLongestStep_s = 0.25;  // after a pause of the whole machine the playhead does not leap

double seconds_between(std::chrono::steady_clock::time_point a, std::chrono::steady_clock::time_point b) {
    return std::chrono::duration<double>(b - a).count();
}

std::string in_state_folder(const char* name) {
    const std::string folder = state_folder();
    return folder.empty() ? folder : folder + "/" + name;
}

style::ThemeName theme_of(const player::State& state) {
    return state.theme == player::Theme::dark ? style::ThemeName::dark : style::ThemeName::light;
}

}  // namespace

App::App(const WindowOptions& options, GlfwWindow& window, Clock::time_point started)
    : options_(options),
      window_(window),
      backend_(window.handle()),
      session_(options),
      recordings_(in_state_folder("recordings")),
      progress_(in_state_folder("progress.json")),
      diary_(std::getenv("SOCKETSCOPE_LOG")),
      monitor_scale_(window.monitor_scale()),
      started_(started) {
    state_.theme = options.theme == style::ThemeName::dark ? player::Theme::dark : player::Theme::light;
    state_.scale = std::clamp(options.scale > 0 ? options.scale : monitor_scale_, 1.0F, 3.0F);
    state_.presenter = options.presenter;
    refresh_look();
    session_.home().recordings = recordings_.list();
    remember();
    diary_.say("window: scale " + std::to_string(state_.scale) + ", Dear ImGui " + ImGui::GetVersion());
}

bool App::wants_frame() {
    if (backend_.take_activity() || backend_.pending() || session_.poll(state_)) frames_left_ = kSettleFrames;
    if (take_outcome()) frames_left_ = kSettleFrames;
    const double since = seconds_between(last_frame_, Clock::now());
    const bool filtering = player::filtering(state_);
    if (state_.playing || (filtering && since > kFilterFrame_s)) frames_left_ = std::max(frames_left_, 1);
    return frames_left_ > 0 && (!filtering || since >= kFrame_s);
}

void App::work() {
    if (!player::filtering(state_)) return;
    const auto end = Clock::now() + player::kFilterBudget;
    player::continue_filter(state_, [end] { return Clock::now() < end; });
    if (!player::filtering(state_)) frames_left_ = kSettleFrames;
}

double App::may_sleep() const {
    if (player::filtering(state_)) return 0;
    if (frames_left_ > 0 || state_.playing) {
        return std::max(0.0, kFrame_s - seconds_between(last_frame_, Clock::now()));
    }
    return session_.busy() || recordings_.busy() ? kSessionPoll_s : kLongestSleep_s;
}

void App::advance_time() {
    const auto now = Clock::now();
    if (state_.playing && played_)
        player::advance(state_, std::min(seconds_between(*played_, now), kLongestStep_s));
    played_ = state_.playing ? std::optional(now) : std::nullopt;
}

void App::refresh_look() {
    const auto size = window_.framebuffer();
    const float scale =
        panels::effective_scale(state_, static_cast<float>(size.width), static_cast<float>(size.height));
    const style::Distance distance = panels::distance_of(state_);
    if (look_ && look_->theme() == theme_of(state_) && look_->scale() == scale &&
        look_->distance() == distance)
        return;
    const bool first = !look_;
    look_.emplace(theme_of(state_), scale, distance);
    if (!first) backend_.fonts_changed();
    frames_left_ = kSettleFrames;
}

void App::take_keys() {
    focus_step_ = 0;
    for (const player::Chord& chord : backend_.take_keys()) {
        tips_ = false;
        if (chord.key == player::kKeyF6) {
            focus_step_ = chord.shift ? -1 : 1;
            continue;
        }
        // While text is typed only what can't be meant as text is a command.
        const bool text = ImGui::GetIO().WantTextInput;
        const bool plain =
            !chord.control &&
            (chord.key < 256 || (chord.key >= player::kKeyEnter && chord.key <= player::kKeyEnd));
        if (text && chord.key == player::kKeyEscape && state_.asks_for_file)
            carry_out(player::AskForFile{false});
        if (text && (plain || chord.key == player::kKeyEscape)) continue;
        if (const auto command = player::command_for(state_, chord)) {
            tips_ = std::holds_alternative<player::ToggleWhy>(*command);
            carry_out(*command);
        }
    }
}

void App::take_dropped() {
    const std::vector<std::string> files = backend_.take_dropped();
    if (files.empty()) return;
    carry_out(player::OpenFile{files.front(), false});
    if (files.size() > 1 && state_.message.empty())
        state_.notice = {"Only the first of these files was opened: " + files.front(), ""};
}

// A run that has just ended is kept, and what did not go as its script expects is said. Returns whether Home or the
// state changed.
bool App::take_outcome() {
    const bool over = was_running_ && !state_.running;
    was_running_ = state_.running;
    if (over && state_.trace) {
        recordings_.keep(state_.trace);
        if (state_.message.empty()) state_.message = player::failures_text(*state_.trace);
    }
    if (!recordings_.poll()) return over;
    session_.home().recordings = recordings_.list();
    session_.home().not_kept = recordings_.trouble();
    return true;
}

// On a monitor of another scale everything keeps its size for the eye, as large or small as it was made by hand.
void App::follow_monitor() {
    const float now = window_.monitor_scale();
    if (now == monitor_scale_) return;
    if (options_.scale <= 0) player::apply(state_, player::SetScale{state_.scale * now / monitor_scale_});
    monitor_scale_ = now;
}

// A press that changes nothing says why; the next one that does takes the words away.
void App::step_scale(int by) {
    const auto size = window_.framebuffer();
    const panels::ScaleStep step =
        panels::scale_step(state_, by, static_cast<float>(size.width), static_cast<float>(size.height));
    if (state_.notice.text == no_scale_) state_.notice = {};
    no_scale_ = step.why_not;
    if (step.command) player::apply(state_, *step.command);
    if (!no_scale_.empty()) state_.notice = {no_scale_, ""};
}

// How far the lessons have come, for their cards.
void App::remember() {
    for (panels::LessonCard& card : session_.home().lessons) card.progress = progress_.of(card.name);
}

// Into the folder that the program was started in, beside what is there already.
void App::save(const std::string& name) {
    std::error_code error;
    const std::filesystem::path folder = std::filesystem::current_path(error);
    if (error) {
        state_.message = "The recording can't be saved: the folder that Socketscope was started in is gone";
        return;
    }
    const std::string path = free_path(folder.string(), std::filesystem::path(name).stem().string());
    session_.save_trace(state_, path);
}

void App::carry_out(const player::Command& command) {
    const auto left = player::apply(state_, command);
    if (!left) return;
    frames_left_ = kSettleFrames;
    if (std::holds_alternative<player::FocusFilter>(*left)) {
        text_asked_ = kAskings;
    } else if (const auto* asks = std::get_if<player::AskForFile>(&*left)) {
        text_asked_ = asks->ask ? kAskings : 0;
    } else if (const auto* open = std::get_if<player::OpenLesson>(&*left)) {
        session_.open_lesson(state_, open->file);
    } else if (const auto* trace = std::get_if<player::OpenTrace>(&*left)) {
        session_.open_trace(state_, trace->file);
    } else if (const auto* file = std::get_if<player::OpenFile>(&*left)) {
        session_.open_file(state_, file->typed ? typed_path(file->file, home_folder()) : file->file);
    } else if (const auto* kind = std::get_if<player::OpenKind>(&*left)) {
        session_.open_kind(state_, kind->kind);
    } else if (const auto* scale = std::get_if<player::StepScale>(&*left)) {
        step_scale(scale->by);
    } else if (const auto* copy = std::get_if<player::CopyText>(&*left)) {
        ImGui::SetClipboardText(copy->text.c_str());
        state_.notice = {"Copied: " + copy->text, ""};
    } else if (std::holds_alternative<player::GoHome>(*left)) {
        session_.leave(state_);
        state_.playing = false;
        state_.screen = player::Screen::home;
        state_.notice = {};
    } else if (std::holds_alternative<player::RunAgain>(*left)) {
        session_.run_again(state_);
    } else if (std::holds_alternative<player::StopRun>(*left)) {
        session_.stop(state_);
    } else if (const auto* wanted = std::get_if<player::SaveTrace>(&*left)) {
        save(wanted->file);
    } else if (std::holds_alternative<player::Quit>(*left)) {
        quit_ = true;
    }
}

void App::draw() {
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    // Asked for until the text field has the keyboard: Dear ImGui from 1.87 on hands it over in a later frame, or
    // not at all if something else has asked in between.
    // Until it has asked once, the keyboard may be in another field: in the filter while a path is to be typed.
    if (ImGui::GetIO().WantTextInput && text_asked_ < kAskings) text_asked_ = 0;
    const bool take_text = text_asked_ > 0 && !backend_.pending();
    if (take_text) --text_asked_;
    const ImVec2 pointer = ImGui::GetIO().MousePos;
    if (pointer.x != pointer_x_ || pointer.y != pointer_y_) tips_ = true;
    pointer_x_ = pointer.x;
    pointer_y_ = pointer.y;
    const panels::ScreenInput input{session_.home(), options_.version, figures_,
                                    focus_step_,     take_text,        tips_};
    shown_ = painter_.draw(state_, *look_, size.x, size.y, input);
    ImGui::Render();
}

void App::frame() {
    const auto begin = Clock::now();
    figures_.frame_ms = static_cast<float>(1e3 * seconds_between(last_frame_, begin));
    last_frame_ = begin;
    --frames_left_;
    advance_time();
    // Said once the first lesson is open: opening it clears what was said before.
    if (frame_ == 0 && state_.message.empty() && !look_->missing_fonts().empty())
        state_.message = look_->missing_fonts().front();
    follow_monitor();
    take_keys();
    take_dropped();
    if (progress_.note(state_)) remember();
    refresh_look();
    backend_.new_frame();
    draw();
    const auto drawn = Clock::now();
    figures_.drawing_ms = static_cast<float>(1e3 * seconds_between(begin, drawn));
    figures_.vertices = ImGui::GetDrawData()->TotalVtxCount;
    figures_.shapes = shown_.shapes;
    figures_.probe_items = shown_.probe.size();
    figures_.input_waiting = backend_.waiting();
    figures_.session = state_.running ? "runs" : session_.busy() ? "opens" : "rests";
    diary_.note(state_);
    if (diary_.on() && figures_.drawing_ms > kSlowFrame_ms)
        diary_.say("slow frame: " + std::to_string(figures_.drawing_ms) + " ms, " +
                   std::to_string(shown_.shapes) + " shapes");
    const auto size = window_.framebuffer();
    backend_.draw(size.width, size.height);
    window_.show();
    if (frame_++ == 0) first_frame_ms_ = 1e3 * seconds_between(started_, Clock::now());
    if (!shown_.commands.empty()) frames_left_ = kSettleFrames;
    for (const player::Command& command : shown_.commands) carry_out(command);
    const std::string title = state_.screen == player::Screen::lesson && state_.lesson
                                  ? state_.lesson->title + " – Socketscope"
                                  : "Socketscope";
    if (title != title_) window_.set_title(title_ = title);
    if (!options_.probe.empty())
        say_probe(frames_left_ <= 0 && !state_.playing && !player::filtering(state_) && !backend_.pending() &&
                  !session_.busy());
}

void App::say_probe(bool settled) {
    const auto size = window_.framebuffer();
    write_probe(options_.probe, state_, shown_.probe,
                {settled, frame_, look_->scale(), size.width, size.height, first_frame_ms_,
                 figures_.drawing_ms, backend_.counts()});
}

}  // namespace socketscope::window
