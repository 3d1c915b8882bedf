/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-demo-words.h"

static const WfDemoWords english = {
  .code = "en",
  .heading = "Warifu demo sign-in",
  .intro = "Warifu asks for your approval to:",
  .note = "This server runs on your own computer, for trying things out. There is no password: any user name will do.",
  .user_label = "User name",
  .user_problem = "Use 1 to 32 letters, digits, dots, hyphens or underscores.",
  .approve = "Approve",
  .deny = "Deny",
  .sign_in_only = "Sign you in, and nothing else",
  .other_scope = "Use “%s”",
  .audience = "Use %s for you",
  .client = "Client ID",
  .returns_to = "Returns to",
  .scopes = {
    { "openid", "Know who you are" },
    { "profile", "See your name and your picture" },
    { "email", "See your email address" },
    { "offline_access", "Keep you signed in until you sign out" },
    { "read", "Read your demo data" },
    { "write", "Change your demo data" },
  },
  .pages = {
    [WF_DEMO_PAGE_HOME] = { "Warifu demo server", "This is a small OpenID provider for trying Warifu out. It runs on your own computer only, and forgets everything when it stops." },
    [WF_DEMO_PAGE_SIGNED_OUT] = { "You are signed out", "You can close this page." },
    [WF_DEMO_PAGE_UNKNOWN_SESSION] = { "You could not be signed out", "The sign-in that was named is none of this server’s. The server may have been restarted since." },
    [WF_DEMO_PAGE_UNKNOWN_CLIENT] = { "This sign-in cannot go on", "The application that sent you here is not known to this server. Check its client ID." },
    [WF_DEMO_PAGE_UNKNOWN_REDIRECT] = { "This sign-in cannot go on", "The address to return to is not allowed for this application. Check its redirect URI." },
    [WF_DEMO_PAGE_DECIDED] = { "This page is no longer valid", "It was answered before, or it waited too long. Go back to the application and sign in again." },
    [WF_DEMO_PAGE_FOREIGN_FORM] = { "This answer was refused", "It did not come from a page of this server. Go back to the application and sign in again." },
    [WF_DEMO_PAGE_BUSY] = { "Too many sign-ins are waiting", "Try again in a few minutes." },
    [WF_DEMO_PAGE_NOT_FOUND] = { "There is nothing here", "Check the address." },
  },
};

static const WfDemoWords japanese = {
  .code = "ja",
  .heading = "Warifu デモのサインイン",
  .intro = "Warifu が次の許可を求めています。",
  .note = "このサーバーは、お試し用としてお使いのコンピューターの中で動いています。パスワードはなく、どのユーザー名でもサインインできます。",
  .user_label = "ユーザー名",
  .user_problem = "半角の英数字、ピリオド、ハイフン、下線を使い、1～32 文字で入力してください。",
  .approve = "許可",
  .deny = "拒否",
  .sign_in_only = "サインインのみ",
  .other_scope = "「%s」の利用",
  .audience = "あなたに代わっての %s の利用",
  .client = "クライアント ID",
  .returns_to = "戻り先",
  .scopes = {
    { "openid", "本人確認" },
    { "profile", "名前と写真の表示" },
    { "email", "メールアドレスの表示" },
    { "offline_access", "サインアウトまでのサインイン維持" },
    { "read", "デモデータの読み取り" },
    { "write", "デモデータの変更" },
  },
  .pages = {
    [WF_DEMO_PAGE_HOME] = { "Warifu デモサーバー", "Warifu を試すための小さな OpenID プロバイダーです。お使いのコンピューターの中だけで動き、停止するとすべての情報を消去します。" },
    [WF_DEMO_PAGE_SIGNED_OUT] = { "サインアウトしました", "このページは閉じてかまいません。" },
    [WF_DEMO_PAGE_UNKNOWN_SESSION] = { "サインアウトできませんでした", "指定されたサインインは、このサーバーのものではありません。サーバーが再起動した可能性があります。" },
    [WF_DEMO_PAGE_UNKNOWN_CLIENT] = { "サインインを続けられません", "呼び出し元のアプリケーションは、このサーバーに登録されていません。クライアント ID を確認してください。" },
    [WF_DEMO_PAGE_UNKNOWN_REDIRECT] = { "サインインを続けられません", "戻り先のアドレスは、このアプリケーションに許可されていません。リダイレクト URI を確認してください。" },
    [WF_DEMO_PAGE_DECIDED] = { "このページは無効です", "すでに回答済みか、時間が経ちすぎています。アプリケーションに戻り、もう一度サインインしてください。" },
    [WF_DEMO_PAGE_FOREIGN_FORM] = { "この回答は受け付けられません", "このサーバーのページから送られたものではありません。アプリケーションに戻り、もう一度サインインしてください。" },
    [WF_DEMO_PAGE_BUSY] = { "待機中のサインインが多すぎます", "数分後にもう一度お試しください。" },
    [WF_DEMO_PAGE_NOT_FOUND] = { "ここには何もありません", "アドレスを確認してください。" },
  },
};

const WfDemoWords *
wf_demo_words_get (WfDemoLanguage language)
{
  return language == WF_DEMO_JAPANESE ? &japanese : &english;
}
