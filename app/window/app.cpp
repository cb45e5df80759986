#include "app/window/app.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "app/player/event_filter.hpp"

namespace socketscope::window {
namespace {

constexpr int kSettleFrames = 4;
constexpr double kFrame_s = 1.0 / 62;    // the cap where no vsync brakes us
constexpr double kLongestSleep_s = 0.1;  // signals are looked for this often
constexpr double kSessionPoll_s = 0.03;
constexpr double kLongestStep_s = 0.25;  // after a pause of the whole machine the playhead does not leap

double seconds_between(std::chrono::steady_clock::time_point a, std::chrono::steady_clock::time_point b) {
    return std::chrono::duration<double>(b - a).count();
}

style::ThemeName theme_of(const player::State& state) {
    return state.theme == player::Theme::dark ? style::ThemeName::dark : style::ThemeName::light;
}

}  // namespace

App::App(const WindowOptions& options, GlfwWindow& window, Clock::time_point started)
    : options_(options), window_(window), backend_(window.handle()), session_(options), started_(started) {
    state_.theme = options.theme == style::ThemeName::dark ? player::Theme::dark : player::Theme::light;
    state_.scale = std::clamp(options.scale > 0 ? options.scale : window.monitor_scale(), 1.0F, 3.0F);
    state_.presenter = options.presenter;
    refresh_look();
    if (!look_->missing_fonts().empty()) state_.message = look_->missing_fonts().front();
}

bool App::wants_frame() {
    if (backend_.take_activity() || backend_.pending() || session_.poll(state_)) frames_left_ = kSettleFrames;
    if (state_.playing || player::filtering(state_)) frames_left_ = std::max(frames_left_, 1);
    return frames_left_ > 0;
}

double App::may_sleep() const {
    if (frames_left_ > 0 || state_.playing) {
        return std::max(0.0, kFrame_s - seconds_between(last_frame_, Clock::now()));
    }
    return session_.busy() ? kSessionPoll_s : kLongestSleep_s;
}

void App::advance_time() {
    const auto now = Clock::now();
    if (state_.playing && played_)
        player::advance(state_, std::min(seconds_between(*played_, now), kLongestStep_s));
    played_ = state_.playing ? std::optional(now) : std::nullopt;
}

void App::refresh_look() {
    const float scale = panels::effective_scale(state_);
    if (look_ && look_->theme() == theme_of(state_) && look_->scale() == scale) return;
    const bool first = !look_;
    look_.emplace(theme_of(state_), scale);
    if (!first) backend_.fonts_changed();
    frames_left_ = kSettleFrames;
}

void App::take_keys() {
    focus_step_ = 0;
    for (const player::Chord& chord : backend_.take_keys()) {
        if (chord.key == player::kKeyF6) {
            focus_step_ = chord.shift ? -1 : 1;
            continue;
        }
        // While text is typed only what can't be meant as text is a command.
        const bool text = ImGui::GetIO().WantTextInput;
        const bool plain =
            !chord.control &&
            (chord.key < 256 || (chord.key >= player::kKeyEnter && chord.key <= player::kKeyEnd));
        if (text && (plain || chord.key == player::kKeyEscape)) continue;
        if (const auto command = player::command_for(state_, chord)) carry_out(*command);
    }
}

void App::carry_out(const player::Command& command) {
    const auto left = player::apply(state_, command);
    if (!left) return;
    if (const auto* open = std::get_if<player::OpenLesson>(&*left)) {
        session_.open_lesson(state_, open->file);
    } else if (const auto* trace = std::get_if<player::OpenTrace>(&*left)) {
        session_.open_trace(state_, trace->file);
    } else if (std::holds_alternative<player::GoHome>(*left)) {
        session_.leave(state_);
        state_.playing = false;
        state_.screen = player::Screen::home;
    } else if (std::holds_alternative<player::RunAgain>(*left)) {
        session_.run_again(state_);
    } else if (std::holds_alternative<player::StopRun>(*left)) {
        session_.stop();
    } else if (const auto* save = std::get_if<player::SaveTrace>(&*left)) {
        session_.save_trace(state_, save->file);
    } else if (std::holds_alternative<player::Quit>(*left)) {
        quit_ = true;
    }
}

void App::draw() {
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    const panels::ScreenInput input{session_.home(), options_.version, figures_, focus_step_};
    shown_ = painter_.draw(state_, *look_, size.x, size.y, input);
    ImGui::Render();
}

void App::frame() {
    const auto begin = Clock::now();
    figures_.frame_ms = static_cast<float>(1e3 * seconds_between(last_frame_, begin));
    last_frame_ = begin;
    --frames_left_;
    advance_time();
    player::continue_filter(state_);
    take_keys();
    refresh_look();
    backend_.new_frame();
    draw();
    const auto drawn = Clock::now();
    figures_.drawing_ms = static_cast<float>(1e3 * seconds_between(begin, drawn));
    figures_.vertices = ImGui::GetDrawData()->TotalVtxCount;
    figures_.shapes = shown_.shapes;
    figures_.probe_items = shown_.probe.size();
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
